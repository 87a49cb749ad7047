/** StreamReader: server-sent events as they come. */
import type { IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'

export class StreamReader {
  text = ''
  isEnded = false

  constructor(response: IncomingMessage) {
    response.setEncoding('utf8')
    response.on('data', (piece: string) => (this.text += piece))
    response.on('close', () => (this.isEnded = true)).on('error', () => (this.isEnded = true))
    onTestFinished(() => void response.destroy())
  }

  /** The data of the events of that name. */
  of<Data>(name: string): readonly Data[] {
    return [...this.text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)]
      .filter(match => match[1] === name)
      .map(match => JSON.parse(match[2] ?? '') as Data)
  }

  /** The names of the events, in their order. */
  get names(): readonly string[] {
    return [...this.text.matchAll(/^event: (.*)$/gm)].map(match => match[1] ?? '')
  }

  get heartbeats(): number {
    return this.text.match(/^: heartbeat\n\n/gm)?.length ?? 0
  }

  /** What the events of a ring said. */
  get states(): readonly RingEvent[] {
    return this.of('ring')
  }

  get generations(): readonly number[] {
    return this.states.map(({ generation }) => generation)
  }
}

export interface RingEvent {
  readonly epoch: number
  readonly generation: number
  readonly hash: string
}
