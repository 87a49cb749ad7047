/** progressOf: a rotation followed, one line per step on standard error. */
import type { Report } from './desk/rotation-progress.ts'
import type { Output } from './output.ts'

/** Milliseconds. */
const patience = 1000

/** @param name of the environment, where several are rotated at once */
export function progressOf(output: Output, name?: string): Report {
  const started = performance.now()
  const prefix = name === undefined ? '' : `${name}: `
  const say = (word: string, text: string): void => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    output.note(`${output.mark('ok', process.stderr)} ${prefix}${word.padEnd(9)} ${text}  ${seconds} s`)
  }
  let waiting = ''
  let since = started
  /** A fleet acknowledges within milliseconds; only a wait that lasts is worth a line. */
  const wait = (word: string, missing: readonly string[], ready: string): void => {
    const text = missing.join('; ')
    if (text === waiting || (text !== '' && performance.now() - since < patience)) return
    waiting = text
    if (text === '') say(word, ready)
    else output.note(`${output.mark('warn', process.stderr)} ${prefix}${word.padEnd(9)} waiting: ${text}`)
  }
  const begin = (): void => {
    waiting = 'not asked yet'
    since = performance.now()
  }
  return step => {
    switch (step.type) {
      case 'resumed':
        return say('resume', `the ${step.mode} operation of ${step.reason}`)
      case 'adopted':
        return say('adopt', `edited by hand (${step.kind}), generation ${step.generation}`)
      case 'staged':
        begin()
        return say('stage', `${step.kid} verifies, generation ${step.generation}`)
      case 'gate':
        return wait(
          'gate',
          step.missing.map(({ why }) => why),
          `${step.acknowledged} acknowledged`,
        )
      case 'activated':
        begin()
        return say('activate', `${step.kid} signs, generation ${step.generation}`)
      case 'confirming':
        return wait(
          'confirm',
          step.missing.map(({ why }) => why),
          step.instances === 0 ? 'no instance to wait for' : 'every instance holds it',
        )
    }
  }
}
