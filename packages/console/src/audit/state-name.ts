/** stateName: the state of a key, as a trail writes it, in the reader's words. */
import type { TFunction } from 'i18next'
import type { app } from '../i18n/en/app.ts'

type State = keyof typeof app.states

const states: readonly string[] = [
  'new',
  'staged',
  'active',
  'retiring',
  'suspended',
  'compromised',
  'destroyed',
] satisfies State[]

export const stateName = (t: TFunction, state: string): string =>
  states.includes(state) ? t(`app.states.${state as State}`) : state
