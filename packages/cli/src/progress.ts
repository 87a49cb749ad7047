/** progressOf: a rotation followed, one line per step on standard error. */
import { whyMissing, type RotationEvent } from 'keyturn/rotation'
import type { Output } from './output.ts'

/** Milliseconds. */
const patience = 1000

/** @param name of the environment, where several are rotated at once */
export function progressOf(output: Output, name?: string): (event: RotationEvent) => void {
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
  return event => {
    switch (event.type) {
      case 'resumed':
        return say(
          'resume',
          `the ${event.document.operation?.mode ?? ''} operation of ${event.document.operation?.reason ?? ''}`,
        )
      case 'adopted':
        return say('adopt', `edited by hand (${event.kind}), generation ${event.document.generation}`)
      case 'staged':
        begin()
        return say('stage', `${event.kid} verifies, generation ${event.document.generation}`)
      case 'gate': {
        const now = Date.now()
        const missing = event.fleet.missing.map(each => whyMissing(each, now))
        return wait(
          'gate',
          missing,
          `${event.fleet.instances.filter(each => each.standing === 'acknowledged').length} acknowledged`,
        )
      }
      case 'activated':
        begin()
        return say('activate', `${event.kid} signs, generation ${event.document.generation}`)
      case 'confirming':
        return wait(
          'confirm',
          event.fleet.missing.map(each => whyMissing(each, Date.now())),
          event.fleet.instances.length === 0 ? 'no instance to wait for' : 'every instance holds it',
        )
    }
  }
}
