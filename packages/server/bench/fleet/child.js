/** A child process of the bench: started with a memory limit of its own, asked by messages, ended by its pid. */
// @ts-check
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export class Child {
  /** @param {string} file beside this one @param {object} [order] its first message */
  constructor(file, order) {
    this.process = fork(fileURLToPath(new URL(file, import.meta.url)), [], { execArgv: ['--expose-gc'] })
    if (order) this.process.send(order)
    this.asked = 0
    this.ended = new Promise((_, reject) =>
      this.process.on('exit', (code, signal) => reject(new Error(`${file} ended with ${signal ?? code}`))),
    )
    this.ended.catch(() => undefined)
  }

  /** The next message that fits. @param {(message: any) => boolean} [fits] @returns {Promise<any>} */
  async next(fits = () => true) {
    for (;;) {
      const [message] = await Promise.race([once(this.process, 'message'), this.ended])
      if (fits(message)) return message
    }
  }

  /** @param {string} what @returns {Promise<any>} */
  async ask(what) {
    const id = (this.asked += 1)
    const answer = this.next(message => message.id === id)
    this.process.send({ id, ask: what })
    return (await answer).answer
  }

  /** @param {import('node:child_process').Serializable} message */
  tell(message) {
    this.process.send(message)
  }

  kill() {
    this.process.kill('SIGKILL')
  }
}
