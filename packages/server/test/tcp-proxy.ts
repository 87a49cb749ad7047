/** TcpProxy: a way to a server that can be cut, or go silent. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** What happens to bytes on their way to the server: return false to keep them. */
export type Filter = (chunk: Buffer) => boolean

export class TcpProxy {
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  readonly #pairs: { readonly near: Socket; readonly far: Socket }[] = []
  readonly #ends = new WeakMap<Socket, () => void>()
  #server: Server | undefined
  #port = 0
  #onReply: Filter = () => true
  #onRequest: Filter = () => true

  private constructor(target: number) {
    this.#target = target
  }

  /** A proxy on a free port. Gone when the test ends. */
  static async to(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    await proxy.restore()
    onTestFinished(() => proxy.cut())
    return proxy
  }

  get port(): number {
    return this.#port
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#pairs.filter(({ near }) => !near.destroyed).length
  }

  /** Nobody gets through any more, and who had got through is thrown out. */
  async cut(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.dropAll()
    if (!server) return
    server.close()
    await once(server, 'close')
  }

  /** As it was before `cut`, on the same port. */
  async restore(): Promise<void> {
    const server = createServer(near => this.#accept(near))
    this.#server = server
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
  }

  /** Connections stay open, and nothing comes through them any more, not even their end; new ones do. */
  silence(): void {
    for (const { near, far } of this.#pairs) {
      near.removeAllListeners('data').resume()
      far.removeAllListeners('data').resume()
      near.off('close', this.#ends.get(near) ?? never)
      far.off('close', this.#ends.get(far) ?? never)
    }
  }

  /** Sees what goes to the server, and what comes back. */
  watch(filters: { readonly request?: Filter; readonly reply?: Filter }): void {
    this.#onRequest = filters.request ?? (() => true)
    this.#onReply = filters.reply ?? (() => true)
  }

  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(near: Socket): void {
    this.#hold(near)
    const far = connect(this.#target, '127.0.0.1')
    this.#hold(far)
    this.#pairs.push({ near, far })
    near.on('data', chunk => {
      if (this.#onRequest(chunk)) far.write(chunk)
    })
    far.on('data', chunk => {
      if (this.#onReply(chunk)) near.write(chunk)
    })
    this.#endTogether(near, far)
    this.#endTogether(far, near)
  }

  #endTogether(one: Socket, other: Socket): void {
    const end = (): void => void other.destroy()
    this.#ends.set(one, end)
    one.on('close', end)
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
  }
}

const never = (): void => undefined
