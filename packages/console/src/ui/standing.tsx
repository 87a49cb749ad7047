/** standingLook, StandingSign: how an instance stands, as a sign and a tone. */
import type { ReactNode } from 'react'
import type { Standing } from '../api/answers.ts'

export interface StandingLook {
  readonly sign: string
  readonly tone: string
  readonly soft: string
}

const good: StandingLook = { sign: '✔', tone: 'text-good', soft: 'bg-good-soft' }
const warn: StandingLook = { sign: '…', tone: 'text-warn', soft: 'bg-warn-soft' }
const bad: StandingLook = { sign: '✖', tone: 'text-bad', soft: 'bg-bad-soft' }
const gone: StandingLook = { sign: '–', tone: 'text-quiet', soft: 'bg-raised' }

const looks: Readonly<Record<Standing, StandingLook>> = {
  acknowledged: good,
  behind: warn,
  refused: bad,
  clock: { ...warn, sign: '◷' },
  lost: bad,
  fenced: gone,
  dead: gone,
}

export const standingLook = (standing: Standing): StandingLook => looks[standing]

export function StandingSign({ standing }: { readonly standing: Standing }): ReactNode {
  const { sign, tone } = standingLook(standing)
  return (
    <span aria-hidden="true" className={`${tone} font-bold`}>
      {sign}
    </span>
  )
}
