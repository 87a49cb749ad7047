/** openEventStream: an answer that goes on as server-sent events until somebody ends it. */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Milliseconds that a reader has for what is left when its stream ends. */
const farewell = 1_000
/** Bytes that may wait for one reader. */
const mostBacklog = 65_536

export const heartbeatLine = ': heartbeat\n\n'

export interface EventStream {
  readonly write: (text: string) => void
  readonly end: () => void
}

export interface EventStreamOptions {
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number
  readonly onClose: () => void
}

/** Takes the connection over. */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { heartbeat, onClose }: EventStreamOptions,
): EventStream {
  reply.hijack()
  const { raw } = reply
  // The end of the connection is the end of the body (RFC 9112 §6.3): an event is one write, where a chunk would be four.
  raw.removeHeader('transfer-encoding')
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Nothing comes after a stream, so nobody keeps its connection.
    connection: 'close',
    // nginx would hold events back.
    'x-accel-buffering': 'no',
  })
  request.raw.socket.setKeepAlive(true, heartbeat)
  raw.on('close', onClose)
  raw.on('error', onClose)
  // Whoever went away before this line closes nothing any more.
  if (request.raw.socket.destroyed) setImmediate(onClose)
  return {
    write: text => {
      // A reader that does not keep up is cut off: it comes back and asks for what is newest.
      if (raw.writableLength > mostBacklog) raw.destroy()
      else raw.write(text, 'latin1')
    },
    end: () => {
      raw.end()
      // Who does not read holds up nobody.
      setTimeout(() => raw.destroy(), farewell).unref()
    },
  }
}

/** One event. @param data ASCII only, once it is JSON */
export const eventText = (event: string, data: object): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
