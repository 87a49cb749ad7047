/** InstanceList: instances as they acknowledge, one by one. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { InstanceView, RotationView } from '../api/answers.ts'
import { exactSeconds } from '../format/moments.ts'
import { count } from '../format/numbers.ts'
import { courseOf } from './course.ts'

export interface InstanceListProps {
  readonly rotation: RotationView
  readonly instances: readonly InstanceView[]
}

/** Instances that are shown; those that are missing come first. */
const most = 200

export function InstanceList({ rotation, instances }: InstanceListProps): ReactNode {
  const { t } = useTranslation()
  const course = courseOf(rotation, instances)
  if (course.length === 0) return null
  return (
    <section className="card flex flex-col gap-2" aria-labelledby="instances">
      <h2 id="instances">{t('running.instances')}</h2>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {course.slice(0, most).map(({ instance, acknowledged, after, why }) => (
          <li
            key={instance}
            className={`rounded border border-line px-3 py-2 ${acknowledged ? 'bg-good-soft' : ''}`}
          >
            <span className="font-medium wrap-anywhere">
              <span aria-hidden="true">{acknowledged ? '✔ ' : '○ '}</span>
              {instance}
            </span>
            <span className="block text-sm wrap-anywhere">
              {acknowledged ? t('app.standings.acknowledged') : (why ?? t('running.waiting'))}
              {after !== null && ` ${t('running.confirmedAfter', { time: exactSeconds(after) })}`}
            </span>
          </li>
        ))}
      </ul>
      {course.length > most && <p>+{count(course.length - most)}</p>}
    </section>
  )
}
