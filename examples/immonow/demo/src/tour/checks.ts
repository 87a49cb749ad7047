/** Checks: what the guide says of a step, each asked and told. */
import { problemIn, type Answer } from '../http-call.ts'

export class Checks {
  readonly #say: (text: string) => void
  readonly #violations: string[] = []

  constructor(say: (text: string) => void) {
    this.#say = say
  }

  get violations(): readonly string[] {
    return this.#violations
  }

  /** Tells whether it is so. @param otherwise what is found instead */
  expect(isSo: boolean, text: string, otherwise = ''): void {
    const line = isSo || otherwise === '' ? text : `${text}: ${otherwise}`
    this.#say(`   ${isSo ? '✔' : '✖'} ${line}`)
    if (!isSo) this.#violations.push(line)
  }

  /** All answers, and there is at least one, are as they should be. How many are. */
  expectAll(answers: readonly Answer[], isRight: (answer: Answer) => boolean, text: string): number {
    const wrong = answers.filter(answer => !isRight(answer))
    const right = answers.length - wrong.length
    const example = wrong[0] && `e.g. ${wrong[0].status} ${problemIn(wrong[0]).code ?? ''}`.trim()
    this.expect(answers.length > 0 && wrong.length === 0, `${text} (${right} of ${answers.length})`, example)
    return right
  }
}
