/** Metrics: what Prometheus reads. All names start with `keyturn_`. */
import { activeKey } from 'keyturn/ring'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Hub } from './hub.ts'
import type { SeriesCount } from './series/counters-between.ts'

export class Metrics {
  readonly #registry = new Registry()
  readonly #counters: Readonly<Record<'verified' | 'rejected' | 'signed' | 'login', Counter>>
  readonly #hub: Hub

  constructor(hub: Hub) {
    this.#hub = hub
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry, prefix: 'keyturn_' })
    const counter = (name: string, help: string, label: string): Counter =>
      new Counter({ name, help, labelNames: ['ring', label], registers })
    this.#counters = {
      verified: counter('keyturn_tokens_verified_total', 'Tokens accepted by the instances, by kid.', 'kid'),
      rejected: counter(
        'keyturn_tokens_rejected_total',
        'Tokens refused by the instances, by error code.',
        'reason',
      ),
      signed: counter('keyturn_tokens_signed_total', 'Tokens signed by the instances, by kid.', 'kid'),
      login: counter('keyturn_logins_total', 'Logins at the instances: succeeded, failed.', 'result'),
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
    for (const { ring, kind, label, count } of counts)
      this.#counters[kind].inc({ ring, [labels[kind]]: label }, count)
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
    const generation = new Gauge({
      name: 'keyturn_instance_generation',
      help: 'Generation that an instance holds.',
      labelNames,
      registers: [this.#registry],
    })
    this.#gauge(
      'keyturn_instance_seconds_since_contact',
      'Seconds since an instance was seen.',
      labelNames,
      async gauge => {
        const { database, feed } = this.#hub
        const now = await database.time()
        generation.reset()
        for (const ring of feed.names)
          for (const lease of await this.#hub.ring(ring).leases.list()) {
            if (lease.role !== 'instance') continue
            gauge.set({ ring, instance: lease.instance }, (now - lease.seenAt) / 1000)
            generation.set({ ring, instance: lease.instance }, lease.generation)
          }
      },
    )
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
