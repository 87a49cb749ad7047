/** /metrics: text that Prometheus can read, about every ring and instance, also while the database is away. */
import { describe, expect, it } from 'vitest'
import { pathOf, startHub } from './running-hub.ts'
import { silence, silentInstance } from './silent-instance.ts'

const ring = 'immonow/production'
const path = pathOf(ring)

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/gy
const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?[\d.e+-]+|Na[nN]|[+-]Inf)$/

/** The text exposition format 0.0.4, read strictly. */
function parsed(text: string): readonly Sample[] {
  expect(text.endsWith('\n')).toBe(true)
  const types = new Map<string, string>()
  const samples: Sample[] = []
  for (const each of text.slice(0, -1).split('\n')) {
    if (each === '' || each.startsWith('# HELP ')) continue
    const [, typed, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(each) ?? []
    if (typed !== undefined && type !== undefined) {
      expect(types.has(typed), each).toBe(false)
      types.set(typed, type)
      continue
    }
    const [, name = '', labels = '', value = ''] = line.exec(each) ?? expect.unreachable(each)
    const found = [...labels.matchAll(label)]
    expect(found.map(([whole]) => whole).join(''), each).toBe(labels)
    const family = types.has(name) ? name : name.replace(/_(bucket|sum|count|total)$/, '')
    expect(types.has(family), each).toBe(true)
    samples.push({
      name,
      labels: Object.fromEntries(found.map(pair => [pair[1], pair[2]])),
      value: Number(value),
    })
  }
  return samples
}

describe('/metrics', () => {
  it('can be read by Prometheus, and every name begins with keyturn_', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const [keyring] = await hub.keyrings(ring, 1)
    await keyring?.authenticate(keyring.sign({ sub: 'anna' }, { expiresIn: '5m' }))
    await keyring?.authenticate('no token').catch(() => undefined)
    keyring?.recordLogin(false)
    keyring?.recordUnexpectedSignOut()
    keyring?.recordUnexpectedSignOut()
    const kid = keyring?.activeKid
    const as = await hub.token('operate')
    const body = { reason: 'test', mode: 'graceful' }
    const { json } = await hub.expect(202, `POST ${path}/rotations`, { as, body })
    await hub.ended(path, json['id'] as string, as)
    const { headers, text } = await hub.expect(200, 'GET /metrics')
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    const samples = parsed(text)
    for (const { name } of samples) expect(name).toMatch(/^keyturn_/)
    const valueOf = (name: string, labels: object): number | undefined =>
      samples.find(each => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels))
        ?.value
    expect(valueOf('keyturn_tokens_verified_total', { ring, kid })).toBe(1)
    expect(valueOf('keyturn_tokens_signed_total', { ring, kid })).toBe(1)
    expect(valueOf('keyturn_tokens_rejected_total', { ring, reason: 'ERR_TOKEN_MALFORMED' })).toBe(1)
    expect(valueOf('keyturn_logins_total', { ring, result: 'failed' })).toBe(1)
    expect(valueOf('keyturn_unexpected_sign_outs_total', { ring })).toBe(2)
    expect(valueOf('keyturn_ring_generation', { ring })).toBe(3)
    expect(valueOf('keyturn_ring_epoch', { ring })).toBe(0)
    expect(valueOf('keyturn_ring_halted', { ring })).toBe(0)
    expect(valueOf('keyturn_ring_operation', { ring })).toBe(0)
    expect(valueOf('keyturn_hub_streams', { ring })).toBe(1)
    expect(valueOf('keyturn_hub_database_up', {})).toBe(1)
    const age = valueOf('keyturn_key_age_seconds', { ring, kid: keyring?.activeKid })
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(60)
  })

  it('tells of an instance in the first answer after it came, and no more once it has gone', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const instance = await silentInstance(hub, ring, 'back"end\\1')
    await silence(hub, instance.instance, 30)
    const about = async (): Promise<readonly Sample[]> =>
      parsed((await hub.expect(200, 'GET /metrics')).text).filter(({ labels }) => 'instance' in labels)
    const [generation, contact] = await about()
    const labels = { ring, instance: 'back\\"end\\\\1' }
    expect(generation).toEqual({ name: 'keyturn_instance_generation', labels, value: 1 })
    expect(contact).toMatchObject({ name: 'keyturn_instance_seconds_since_contact', labels })
    expect(contact?.value).toBeGreaterThanOrEqual(30)
    await hub.hub.ring(ring).leases.remove('back"end\\1')
    expect(await about()).toEqual([])
  })

  it('needs no login and holds no secret, no token and no name of an operator', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    const as = await hub.token('admin')
    const session = await hub.session('admin')
    await hub.expect(200, 'GET /v1/rings', { as })
    const { text } = await hub.expect(200, 'GET /metrics')
    const secrets = [...((await hub.hub.feed.confirmed(ring))?.ring.secrets.values() ?? [])]
    for (const hidden of [as.text, as.id, session.name, ...secrets.map(each => each.reveal())])
      expect(text).not.toContain(hidden)
  })

  it('goes on while the database is away', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    await hub.hub.database.close()
    const read = async (): Promise<readonly Sample[]> => parsed((await hub.expect(200, 'GET /metrics')).text)
    await expect
      .poll(async () => (await read()).find(({ name }) => name === 'keyturn_hub_database_up')?.value)
      .toBe(0)
    expect((await read()).find(({ name }) => name === 'keyturn_ring_generation')?.value).toBe(1)
  })

  it('answers many at once', async () => {
    const hub = await startHub()
    await hub.ring(ring)
    await silentInstance(hub, ring)
    const answers = await Promise.all(Array.from({ length: 20 }, () => hub.expect(200, 'GET /metrics')))
    for (const { text } of answers)
      expect(parsed(text).filter(({ name }) => name === 'keyturn_instance_generation')).toHaveLength(1)
  })
})
