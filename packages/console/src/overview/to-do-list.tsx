/** ToDoList: what needs somebody, the most urgent first. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { RingView } from '../api/answers.ts'
import { duration } from '../format/moments.ts'
import { count, list } from '../format/numbers.ts'
import { toDoOf } from './health.ts'

/** Instances that are named. */
const mostNames = 10

const shortOf = (names: readonly string[]): readonly string[] =>
  names.length > mostNames ? [...names.slice(0, mostNames), `+${count(names.length - mostNames)}`] : names

export interface ToDoListProps {
  readonly view: RingView
  readonly runs: boolean
}

export function ToDoList({ view, runs }: ToDoListProps): ReactNode {
  const { t } = useTranslation()
  const todo = toDoOf(view, runs)
  return (
    <section className="card flex flex-col gap-2" aria-labelledby="todo">
      <h2 id="todo">{t('overview.toDo')}</h2>
      {todo.length === 0 ? (
        <p className="text-quiet">{t('overview.nothingToDo')}</p>
      ) : (
        <ul className="flex list-disc flex-col gap-1 ps-5">
          {todo.map(({ kind, names = [], kid = '', age = 0 }) => (
            <li key={kind} className="wrap-anywhere">
              {t(`overview.todo.${kind}`, {
                names: list(shortOf(names)),
                kid,
                age: duration(age, 'long'),
              })}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
