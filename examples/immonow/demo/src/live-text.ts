/** liveText: what the live line says. */

export interface LiveState {
  readonly second: number
  readonly requests: number
  /** Since the line before. */
  readonly perSecond: number
  readonly refused: number
  /** Users who are signed in, and users at the login page. */
  readonly signedIn: number
  readonly signedOut: number
  readonly kid: string
  /** Of each backend; undefined for one that does not answer. */
  readonly generations: readonly (number | undefined)[]
}

/** A narrow screen gets fewer words and the first characters of the kid. */
export function liveText(state: LiveState, width: number): string {
  const { refused, signedIn, signedOut, kid } = state
  const requests = `${state.requests} requests, ${state.perSecond}/s`
  const time = clock(state.second)
  const held = state.generations.map(generation => generation ?? '?').join(' ')
  const short = `${kid.slice(0, 6)}…`
  const people = signedOut > 0 ? `signed out: ${signedOut} … logging in again` : `${signedIn} signed in`
  const few = signedOut > 0 ? `${signedOut} signed out` : people
  const forms = [
    `${time}  ${requests}  ${refused} refused  ${people}  key ${kid}  generation ${held}`,
    `${time}  ${requests}  ${refused} refused  ${people}  key ${short}  gen ${held}`,
    `${time}  ${requests}  ${refused} refused  ${few}  key ${short}  gen ${held}`,
  ]
  return (
    forms.find(form => form.length <= width) ??
    `${state.requests} req  ${refused} refused  ${few}  gen ${held}`
  )
}

function clock(second: number): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${two(Math.floor(second / 60))}:${two(second % 60)}`
}
