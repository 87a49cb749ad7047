/** askHidden: a password from the terminal, without an echo. */
import { usageError } from './usage-error.ts'
import { canAsk } from './usage.ts'

/** Ctrl-C, Ctrl-D, Ctrl-U, backspace and delete. */
const keys = { stop: '\u0003', end: '\u0004', clear: '\u0015', back: '\u0008', delete: '\u007f' }

/** @throws {KeyturnError} ERR_USAGE without a terminal, or when it is left empty */
export async function askHidden(question: string): Promise<string> {
  if (!canAsk()) throw usageError('a password is asked for on a terminal only')
  const { stdin, stderr } = process
  // Who sees the question may type at once.
  stdin.setRawMode(true)
  stderr.write(question)
  stdin.setEncoding('utf8')
  stdin.resume()
  try {
    const text = await readLine(stdin)
    if (text === '') throw usageError('the password is empty')
    return text
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}

function readLine(input: NodeJS.ReadStream): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      input.off('data', take)
      input.off('end', stop)
      end()
    }
    const stop = (): void => finish(() => reject(usageError('nothing was entered')))
    const take = (piece: Buffer | string): void => {
      // An arrow key is no part of a password.
      for (const key of String(piece).replace(/\u001b(\[[\d;]*[A-Za-z~]|O[A-Z])/g, '')) {
        if (key === '\r' || key === '\n') return finish(() => resolve(text))
        if (key === keys.stop || key === keys.end) return stop()
        if (key === keys.clear) text = ''
        else if (key === keys.back || key === keys.delete) text = [...text].slice(0, -1).join('')
        else if (key >= ' ') text += key
      }
    }
    input.on('data', take)
    input.on('end', stop)
  })
}
