/** sampleRequests: a request that is right for each route of the table. A route without one fails the tests. */
import { generateSecret } from 'keyturn'
import { noCounters, type Lease } from 'keyturn/ports'
import { thisProcess } from 'keyturn/rotation'
import { pathOf } from './running-hub.ts'

/** What the samples are about. */
export interface Subject {
  /** A ring that is there. */
  readonly ring: string
  /** A key of it. */
  readonly kid: string
  /** An access token that nobody needs. */
  readonly tokenId: string
  /** An operator that nobody needs. */
  readonly operator: string
}

export interface Sample {
  /** Method and path. */
  readonly what: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const grounds = { reason: 'because of the test' }
const password = 'sieben Brücken über den Fluss'
let made = 0
/** A name that was not there before. */
const fresh = (): string => `fresh-${(made += 1)}`

/** By method and url of the table. */
const bodies: Readonly<
  Record<string, (subject: Subject) => Omit<Sample, 'what'> & { readonly query?: string }>
> = {
  'GET /healthz': () => ({}),
  'GET /readyz': () => ({}),
  'GET /metrics': () => ({}),
  'POST /v1/setup': () => ({ body: { secret: 'no-link', name: 'anna', password } }),
  'GET /setup': () => ({}),
  'GET /setup.js': () => ({}),
  'GET /pages.css': () => ({}),
  'POST /v1/session': () => ({ body: { name: 'nobody', password } }),
  'GET /v1/session': () => ({}),
  'DELETE /v1/session': () => ({}),
  'POST /v1/login': () => ({ body: { name: 'nobody', password, label: 'a machine' } }),
  'GET /v1/whoami': () => ({}),
  'POST /v1/password': () => ({ body: { current: password, next: `${password} und zurück` } }),
  'GET /v1/operators': () => ({}),
  'POST /v1/operators': () => ({ body: { name: fresh(), role: 'viewer' } }),
  'PATCH /v1/operators/:name': () => ({ body: { role: 'operator' } }),
  'DELETE /v1/operators/:name': () => ({}),
  'GET /v1/tokens': () => ({}),
  'POST /v1/tokens': () => ({ body: { name: 'deploy', scopes: ['read'] } }),
  'DELETE /v1/tokens/:id': () => ({}),
  'GET /v1/events': () => ({}),
  'GET /v1/rings': () => ({}),
  'POST /v1/rings': () => ({ body: { ring: `immonow/${fresh()}`, ...grounds } }),
  'GET /v1/rings/:ring': () => ({}),
  'GET /v1/rings/:ring/fleet': () => ({}),
  'GET /v1/rings/:ring/changes': () => ({}),
  'GET /v1/rings/:ring/fleet/:instance': () => ({}),
  'POST /v1/rings/:ring/erase': () => ({}),
  'POST /v1/rings/:ring/epoch': () => ({ body: grounds }),
  'GET /v1/rings/:ring/audit': () => ({}),
  'GET /v1/rings/:ring/series': () => ({}),
  'GET /v1/rings/:ring/keyring': () => ({}),
  'GET /v1/rings/:ring/keyring/watch': () => ({}),
  'PUT /v1/rings/:ring/leases/:instance': ({ ring }) => ({ body: sampleLease(ring, 'backend-1') }),
  'DELETE /v1/rings/:ring/leases/:instance': () => ({}),
  'POST /v1/rings/:ring/plans': () => ({ body: { kind: 'rotation', mode: 'hard' } }),
  'POST /v1/rings/:ring/rotations': () => ({
    body: { ...grounds, mode: 'hard', noFleet: true, timeout: 200 },
  }),
  'POST /v1/rings/:ring/rollbacks': () => ({ body: { ...grounds, noFleet: true, timeout: 200 } }),
  'POST /v1/rings/:ring/emergency': ({ ring }) => ({ body: { ...grounds, confirm: ring, timeout: 200 } }),
  'GET /v1/rings/:ring/rotations': () => ({}),
  'POST /v1/rings/:ring/rotations/resume': () => ({ body: { noFleet: true, timeout: 200 } }),
  'POST /v1/rings/:ring/rotations/abort': () => ({ body: grounds }),
  'GET /v1/rings/:ring/rotations/:id': () => ({}),
  'POST /v1/rings/:ring/fleet/:instance/forget': () => ({ body: grounds }),
  'POST /v1/applications/:application/plans': () => ({ body: { mode: 'hard' } }),
  'POST /v1/applications/:application/rotations': () => ({
    body: { ...grounds, mode: 'hard', noFleet: true, timeout: 200 },
  }),
  'POST /v1/rings/:ring/keys': () => ({ body: { ...grounds, secret: generateSecret() } }),
  'POST /v1/rings/:ring/keys/:kid/retire': () => ({ body: grounds }),
  'POST /v1/rings/:ring/keys/:kid/destroy': () => ({ body: grounds }),
  'POST /v1/identify': () => ({ body: { secret: generateSecret() } }),
  'GET /v1/forward-auth': ({ ring }) => ({ query: `?ring=${encodeURIComponent(ring)}` }),
}

/** @param route `POST /v1/rings/:ring/keys` */
export function sampleRequest(route: string, subject: Subject): Sample {
  const body = bodies[route]
  if (!body) throw new Error(`${route} has no sample request: add one to sample-requests.ts`)
  const { query = '', ...rest } = body(subject)
  const instance = encodeURIComponent('backend-1')
  const path = route
    .replace('/v1/rings/:ring', pathOf(subject.ring))
    .replace(':application', subject.ring.split('/')[0] ?? '')
    .replace(':instance', instance)
    .replace(':kid', subject.kid)
    .replace('/v1/tokens/:id', `/v1/tokens/${subject.tokenId}`)
    .replace('/rotations/:id', '/rotations/none')
    .replace(':name', subject.operator)
  return { what: path + query, ...rest }
}

/** Samples for routes that are not in the table any more. */
export const sampledRoutes: readonly string[] = Object.keys(bodies)

/** What an instance of this process would show. */
export const sampleLease = (ring: string, instance: string, changes: Partial<Lease> = {}): Lease => ({
  v: 1,
  instance,
  ring,
  epoch: 0,
  generation: 1,
  kids: [],
  proofs: {},
  process: thisProcess(),
  startedAt: Date.now(),
  sentAt: Date.now(),
  counters: noCounters,
  role: 'instance',
  ...changes,
})
