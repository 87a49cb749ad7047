/** Metrics: what Prometheus reads. All names start with `keyturn_`. */
import type { SeenLease } from 'keyturn/ports'
import { activeKey } from 'keyturn/ring'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Hub } from './hub.ts'
import type { SeriesCount } from './series/counters-between.ts'
import { isKnown } from './series/series.ts'

export class Metrics {
  readonly #registry = new Registry()
  readonly #counters: Readonly<Record<SeriesCount['kind'], Counter>>
  readonly #hub: Hub
  #looking: Promise<readonly { readonly ring: string; readonly lease: SeenLease }[]> | undefined

  constructor(hub: Hub) {
    this.#hub = hub
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry, prefix: 'keyturn_' })
    const counter = (name: string, help: string, ...labels: string[]): Counter =>
      new Counter({ name, help, labelNames: ['ring', ...labels], registers })
    this.#counters = {
      verified: counter('keyturn_tokens_verified_total', 'Tokens accepted by the instances, by kid.', 'kid'),
      rejected: counter(
        'keyturn_tokens_rejected_total',
        'Tokens refused by the instances, by error code.',
        'reason',
      ),
      signed: counter('keyturn_tokens_signed_total', 'Tokens signed by the instances, by kid.', 'kid'),
      login: counter('keyturn_logins_total', 'Logins at the instances: succeeded, failed.', 'result'),
      'sign-out': counter(
        'keyturn_unexpected_sign_outs_total',
        'Users who told the instances that they were signed out unexpectedly.',
      ),
    }
    this.#gauge('keyturn_ring_generation', 'Generation of the ring.', ['ring'], gauge => {
      for (const [ring, { state }] of this.#rings()) gauge.set({ ring }, state.generation)
    })
    this.#gauge('keyturn_ring_epoch', 'Epoch of the ring.', ['ring'], gauge => {
      for (const [ring, { state }] of this.#rings()) gauge.set({ ring }, state.epoch)
    })
    this.#gauge(
      'keyturn_ring_halted',
      '1 while changes halt because a backup was restored.',
      ['ring'],
      gauge => {
        for (const [ring, { halted }] of this.#rings()) gauge.set({ ring }, halted === null ? 0 : 1)
      },
    )
    this.#gauge(
      'keyturn_ring_operation',
      '1 while a rotation is between stage and activate.',
      ['ring'],
      gauge => {
        for (const [name, { ring }] of this.#rings())
          gauge.set({ ring: name }, ring.document.operation ? 1 : 0)
      },
    )
    this.#gauge(
      'keyturn_key_age_seconds',
      'Seconds since the active key began to sign.',
      ['ring', 'kid'],
      gauge => {
        for (const [name, { ring }] of this.#rings()) {
          const { kid, activatedAt, createdAt } = activeKey(ring.document)
          const since = activatedAt ?? createdAt
          if (since !== null) gauge.set({ ring: name, kid }, Date.now() / 1000 - since)
        }
      },
    )
    this.#fleetGauges()
    this.#gauge('keyturn_hub_streams', 'Instances that follow a ring by stream.', ['ring'], gauge => {
      for (const [ring, count] of this.#hub.streams.counts()) gauge.set({ ring }, count)
    })
    this.#gauge('keyturn_hub_database_up', '1 while the database answers.', [], gauge => {
      gauge.set(this.#hub.isReachable ? 1 : 0)
    })
    this.#gauge('keyturn_hub_store_reads', 'How often the rings were asked of the database.', [], gauge => {
      gauge.set(this.#hub.feed.reads)
    })
  }

  /** Adds what instances have counted. */
  count(counts: readonly SeriesCount[]): void {
    const { feed } = this.#hub
    for (const { ring, kind, label, count } of counts) {
      const kids = new Set(feed.known(ring)?.ring.document.keys.map(({ kid }) => kid))
      if (isKnown(kids, kind, label)) this.#counters[kind].inc({ ring, ...labelOf(kind, label) }, count)
    }
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** The text that Prometheus reads. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  #rings(): readonly (readonly [string, NonNullable<ReturnType<Hub['feed']['known']>>])[] {
    const { feed } = this.#hub
    return feed.names.flatMap(name => {
      const held = feed.known(name)
      return held ? [[name, held] as const] : []
    })
  }

  #fleetGauges(): void {
    const labelNames = ['ring', 'instance']
    this.#gauge(
      'keyturn_instance_generation',
      'Generation that an instance holds.',
      labelNames,
      async gauge => {
        for (const { ring, lease } of await this.#leases())
          gauge.set({ ring, instance: lease.instance }, lease.generation)
      },
    )
    this.#gauge(
      'keyturn_instance_seconds_since_contact',
      'Seconds since an instance was seen.',
      labelNames,
      async gauge => {
        const now = await this.#hub.database.time()
        for (const { ring, lease } of await this.#leases())
          gauge.set({ ring, instance: lease.instance }, (now - lease.seenAt) / 1000)
      },
    )
  }

  /** Of all instances; both gauges of one answer look at them once. */
  #leases(): Promise<readonly { readonly ring: string; readonly lease: SeenLease }[]> {
    this.#looking ??= (async () => {
      const found = []
      for (const ring of this.#hub.feed.names)
        for (const lease of await this.#hub.ring(ring).leases.list())
          if (lease.role === 'instance') found.push({ ring, lease })
      return found
    })().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  /** A gauge whose values are looked up when they are read. */
  #gauge(
    name: string,
    help: string,
    labelNames: string[],
    collect: (gauge: Gauge) => void | Promise<void>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      async collect() {
        this.reset()
        // Metrics are still there while the database is away: that is what they are for.
        await (async () => collect(this))().catch(() => undefined)
      },
    })
  }
}

const labels = { verified: 'kid', rejected: 'reason', signed: 'kid', login: 'result' } as const

const labelOf = (kind: SeriesCount['kind'], label: string): Readonly<Record<string, string>> =>
  kind === 'sign-out' ? {} : { [labels[kind]]: label }
