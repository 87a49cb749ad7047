/** Balancer: one address for several servers. Each connection goes to the next one that accepts it. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export class Balancer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #targets: number[] = []
  #next = 0

  private constructor() {
    this.#server = createServer({ pauseOnConnect: true }, near => void this.#accept(near))
  }

  /** On a free port. */
  static async start(tidy: (action: () => Promise<void>) => void): Promise<Balancer> {
    const balancer = new Balancer()
    balancer.#server.listen(0, '127.0.0.1')
    await once(balancer.#server, 'listening')
    tidy(async () => {
      balancer.#server.close()
      for (const socket of balancer.#sockets) socket.destroy()
    })
    return balancer
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  add(url: string): void {
    this.#targets.push(Number(new URL(url).port))
  }

  /** No new connection goes there; those that are open stay. */
  remove(url: string): void {
    const port = Number(new URL(url).port)
    this.#targets = this.#targets.filter(each => each !== port)
  }

  async #accept(near: Socket): Promise<void> {
    this.#hold(near)
    const far = await this.#connected()
    if (!far || near.destroyed) {
      near.destroy()
      far?.destroy()
      return
    }
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    near.pipe(far)
    far.pipe(near)
  }

  async #connected(): Promise<Socket | undefined> {
    const targets = [...this.#targets]
    const first = (this.#next += 1)
    for (let tries = 0; tries < targets.length; tries += 1) {
      const far = connect(targets[(first + tries) % targets.length] ?? 0, '127.0.0.1')
      this.#hold(far)
      const isOpen = await Promise.race([
        once(far, 'connect').then(
          () => true,
          () => false,
        ),
        once(far, 'close').then(() => false),
      ])
      if (isOpen) return far
    }
    return undefined
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
  }
}
