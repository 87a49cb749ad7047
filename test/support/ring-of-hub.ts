/** TestRing: one ring of a hub, asked over HTTP as a person and as its instances would. */
import type { AuditEntry, RingDocument } from 'keyturn/ring'
import type { RotationView } from '../../packages/server/src/rotations/rotation-view.ts'
import type { Ask, HubAnswer, TestHub } from './hub.ts'

/** Milliseconds for one rotation. */
const mostWait = 90_000

export interface InstanceShown {
  readonly instance: string
  readonly standing: string
  readonly generation: number
  readonly epoch: number
  readonly process: { readonly pid: number }
}

/** One ring of a hub. */
export class TestRing {
  readonly hub: TestHub
  readonly name: string
  /** Access token of its instances. */
  readonly token: string

  constructor(hub: TestHub, name: string, token: string) {
    this.hub = hub
    this.name = name
    this.token = token
  }

  /** What an instance of it is started with. @param url of the hub, as the instance sees it */
  env(url: string = this.hub.url): Record<string, string> {
    return { KEYTURN_URL: url, KEYTURN_RING: this.name, KEYTURN_TOKEN: this.token }
  }

  get path(): string {
    return `/v1/rings/${encodeURIComponent(this.name)}`
  }

  ask(method: string, path: string, options: Ask = {}): Promise<HubAnswer> {
    return this.hub.ask(method, this.path + path, options)
  }

  expect<Body>(method: string, path: string, options: Ask = {}): Promise<Body> {
    return this.hub.expect(method, this.path + path, options)
  }

  async document(at?: string): Promise<RingDocument> {
    const options = at === undefined ? {} : { at }
    return (await this.expect<{ document: RingDocument }>('GET', '', options)).document
  }

  async fleet(at?: string): Promise<readonly InstanceShown[]> {
    const options = at === undefined ? {} : { at }
    return (await this.expect<{ instances: InstanceShown[] }>('GET', '/fleet', options)).instances
  }

  trail(
    at?: string,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly notes: readonly unknown[] }> {
    return this.expect('GET', '/audit', at === undefined ? {} : { at })
  }

  /** Starts one, and returns it as it is after its first step. @param path `/rotations`, `/rollbacks`, `/emergency` */
  begin(path: string, body: object = {}, options: Ask = {}): Promise<RotationView> {
    const confirm = path === '/emergency' && { confirm: this.name }
    const grounds = path !== '/rotations/resume' && { reason: 'a test', ...confirm }
    return this.expect('POST', path, { ...options, body: { ...grounds, ...body } })
  }

  /** Follows one to its end, whatever happens to the replica that is asked. */
  async ended(id: string, options: Ask = {}): Promise<RotationView> {
    const deadline = performance.now() + mostWait
    for (let seen = 0; ;) {
      const answer = await this.ask('GET', `/rotations/${id}?wait=2000&seen=${seen}`, options).catch(
        () => undefined,
      )
      const view = answer?.status === 200 ? (answer.body as RotationView) : undefined
      if (view && view.state !== 'running') return view
      if (performance.now() > deadline)
        throw new Error(`not ended: ${JSON.stringify(view ?? answer?.body ?? 'no answer')}`)
      seen = view?.events.at(-1)?.n ?? seen
      if (!view) await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  /** To its end. @throws {Error} unless it is done */
  async done(path: string, body: object = {}, options: Ask = {}): Promise<RotationView> {
    const view = await this.ended((await this.begin(path, body, options)).id)
    if (view.state !== 'done') throw new Error(`${view.mode}: ${JSON.stringify(view.problem)}`)
    return view
  }
}
