/** LightHttp: as little of HTTP/1.1 as thousands of instances in one process need, so that the hub is measured and not they. */
// @ts-check
import net from 'node:net'

/** @typedef {{ status: number, etag: string, text: string }} Answer */

/** A connection that is kept, one request at a time. */
class Line {
  /** @param {string} host @param {number} port */
  constructor(host, port) {
    this.isOpen = true
    this.isUsed = false
    this.received = ''
    /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */
    this.waiting = undefined
    this.socket = net.connect(port, host)
    this.socket.setNoDelay(true).setEncoding('latin1')
    this.socket.on('data', text => this.read(String(text)))
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.isOpen = false
      this.waiting?.reject(new Error('the hub closed the connection'))
    })
  }

  /** @param {string} request @returns {Promise<Answer>} */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.socket.write(request)
    })
  }

  /** @param {string} text */
  read(text) {
    this.received += text
    const end = this.received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.received.slice(0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (this.received.length < end + 4 + length) return
    const answer = {
      status: Number(head.slice(9, 12)),
      etag: /\r\netag: ([^\r]+)/i.exec(head)?.[1] ?? '',
      text: this.received.slice(end + 4),
    }
    this.received = ''
    this.isUsed = true
    const { waiting } = this
    this.waiting = undefined
    waiting?.resolve(answer)
  }
}

export class LightHttp {
  /** @param {string} host @param {number} port @param {number} most connections at a time */
  constructor(host, port, most) {
    this.host = host
    this.port = port
    this.most = most
    /** @type {Line[]} */
    this.free = []
    this.count = 0
    /** @type {(() => void)[]} */
    this.queue = []
  }

  /**
   * @param {string} method @param {string} target @param {Record<string, string>} headers @param {string} [body] ASCII
   * @returns {Promise<Answer>}
   */
  async ask(method, target, headers, body = '') {
    if (this.count >= this.most) await new Promise(resolve => this.queue.push(() => resolve(undefined)))
    this.count += 1
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const length = body === '' ? '' : `content-length: ${body.length}\r\n`
    const request = `${method} ${target} HTTP/1.1\r\nhost: ${this.host}\r\n${lines.join('')}${length}\r\n${body}`
    try {
      return await this.send(request)
    } finally {
      this.count -= 1
      this.queue.shift()?.()
    }
  }

  /** @param {string} request @returns {Promise<Answer>} */
  async send(request) {
    let line = this.free.pop()
    while (line && !line.isOpen) line = this.free.pop()
    line ??= new Line(this.host, this.port)
    try {
      const answer = await line.ask(request)
      this.free.push(line)
      return answer
    } catch (error) {
      // It was closed just as it was used again.
      if (line.isUsed) return this.send(request)
      throw error
    }
  }
}
