/** problemCases: requests that are refused, each in its own way. */
import { generateSecret } from 'keyturn'
import type { Call } from './running-hub.ts'

/** A request that is refused, and how. */
export interface ProblemCase extends Call {
  readonly what: string
  readonly status: number
  readonly code: string
  readonly detail?: RegExp
}

/** Sent in some of them, and repeated in no answer. */
export const sentSecret = generateSecret()
const json = { 'content-type': 'application/json' }

/** Asked by an admin's token; the ring is there, at its first generation. @param ring its name */
export const problemCases = (ring: string, path: string): readonly ProblemCase[] => [
  { what: 'GET /none', status: 404, code: 'ERR_ROUTE_NOT_FOUND', detail: /GET \/none$/ },
  {
    what: 'GET /v1/nothing?token=kt_secret',
    status: 404,
    code: 'ERR_ROUTE_NOT_FOUND',
    detail: /GET \/v1\/nothing$/,
  },
  { what: 'DELETE /v1/rings', status: 404, code: 'ERR_ROUTE_NOT_FOUND', detail: /DELETE/ },
  { what: 'PROPFIND /v1/rings', status: 404, code: 'ERR_ROUTE_NOT_FOUND' },
  { what: `GET /v1/rings/${ring}`, status: 404, code: 'ERR_ROUTE_NOT_FOUND' },
  { what: 'GET /v1/rings/%E0%A4%A', status: 400, code: 'ERR_REQUEST_INVALID', detail: /percent-encoded/ },
  {
    what: 'GET /v1/rings/no-slash',
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /application\/environment/,
  },
  { what: 'GET /v1/rings/..%2F..%2Fetc', status: 400, code: 'ERR_REQUEST_INVALID' },
  {
    what: `GET /v1/rings/${'x'.repeat(2_000)}`,
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /too long/,
  },
  {
    what: `GET /v1/rings?${'x'.repeat(20_000)}`,
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /too long/,
  },
  { what: 'GET /v1/rings/immonow%2Fnone', status: 404, code: 'ERR_STORE_MISSING', detail: /immonow\/none/ },
  { what: `GET ${path}/fleet/none`, status: 404, code: 'ERR_RING_INSTANCE_NOT_FOUND' },
  { what: `GET ${path}/rotations/none`, status: 404, code: 'ERR_ROTATION_NOT_FOUND' },
  { what: `GET ${path}/rotations/none?wait=99999`, status: 400, code: 'ERR_REQUEST_INVALID', detail: /wait/ },
  { what: `GET ${path}/series?from=yesterday`, status: 400, code: 'ERR_REQUEST_INVALID', detail: /ISO 8601/ },
  { what: `GET ${path}/series?step=0`, status: 400, code: 'ERR_REQUEST_INVALID', detail: /step/ },
  { what: `GET ${path}/audit?limit=x`, status: 400, code: 'ERR_REQUEST_INVALID', detail: /limit/ },
  { what: 'POST /v1/rings', body: '{', status: 400, code: 'ERR_REQUEST_INVALID', detail: /not JSON/ },
  {
    what: 'POST /v1/rings',
    body: '',
    headers: json,
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /empty/,
  },
  { what: 'POST /v1/rings', status: 400, code: 'ERR_REQUEST_INVALID' },
  { what: 'POST /v1/rings', body: [], status: 400, code: 'ERR_REQUEST_INVALID' },
  { what: 'POST /v1/rings', body: '{"__proto__":{"admin":true}}', status: 400, code: 'ERR_REQUEST_INVALID' },
  { what: 'POST /v1/rings', body: { ring: 7 }, status: 400, code: 'ERR_REQUEST_INVALID', detail: /ring/ },
  {
    what: 'POST /v1/rings',
    body: { ring: 'a/b', colour: 1 },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /colour/,
  },
  { what: 'POST /v1/rings', body: { ring }, status: 409, code: 'ERR_RING_EXISTS' },
  {
    what: 'POST /v1/rings',
    body: { ring: 'a/b', limits: { grace: 1 } },
    status: 400,
    code: 'ERR_CONFIG_LIMITS',
  },
  {
    what: 'POST /v1/rings',
    body: 'ring=a/b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /application\/json/,
  },
  {
    what: 'POST /v1/rings',
    body: { ring: 'a/b', reason: 'x'.repeat(70_000) },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /too large/,
  },
  { what: `POST ${path}/rotations`, body: {}, status: 400, code: 'ERR_REQUEST_INVALID', detail: /reason/ },
  {
    what: `POST ${path}/rotations`,
    body: { reason: 'a\u0007b' },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
    detail: /control/,
  },
  { what: `POST ${path}/rotations`, body: { reason: 'x' }, status: 409, code: 'ERR_RING_NO_INSTANCES' },
  {
    what: `POST ${path}/rotations`,
    body: { reason: 'x', noFleet: true, grace: 1 },
    status: 400,
    code: 'ERR_CONFIG_LIMITS',
  },
  {
    what: `POST ${path}/rotations`,
    body: {
      reason: 'x',
      noFleet: true,
      limits: { maxTokenLife: 600, maxStale: 0, tolerance: 0, grace: 900, hold: 0, lease: 0 },
    },
    status: 400,
    code: 'ERR_CONFIG_LIMITS',
  },
  {
    what: `POST ${path}/plans`,
    body: {
      kind: 'rotation',
      limits: { maxTokenLife: 600, maxStale: 0, tolerance: 0, grace: 900, hold: 0, lease: 0 },
    },
    status: 400,
    code: 'ERR_CONFIG_LIMITS',
  },
  { what: `POST ${path}/plans`, body: { kind: 'surprise' }, status: 400, code: 'ERR_REQUEST_INVALID' },
  { what: `POST ${path}/rollbacks`, body: { reason: 'x' }, status: 409, code: 'ERR_RING_NO_UNDO' },
  {
    what: `POST ${path}/rotations/abort`,
    body: { reason: 'x' },
    status: 409,
    code: 'ERR_RING_NOTHING_STAGED',
  },
  {
    what: `POST ${path}/emergency`,
    body: { reason: 'x', confirm: 'x' },
    status: 400,
    code: 'ERR_USAGE_CONFIRM',
  },
  {
    what: `POST ${path}/emergency`,
    body: { reason: 'x', confirm: ring, kid: 'none' },
    status: 404,
    code: 'ERR_RING_KEY_NOT_FOUND',
  },
  {
    what: `POST ${path}/keys/none/retire`,
    body: { reason: 'x' },
    status: 404,
    code: 'ERR_RING_KEY_NOT_FOUND',
  },
  {
    what: `POST ${path}/keys/none/destroy`,
    body: { reason: 'x' },
    status: 404,
    code: 'ERR_RING_KEY_NOT_FOUND',
  },
  {
    what: `POST ${path}/keys`,
    body: { reason: 'x', secret: `password-${sentSecret.slice(0, 12)}` },
    status: 400,
    code: 'ERR_CONFIG_SECRET_WEAK',
  },
  {
    what: `POST ${path}/keys`,
    body: { reason: 'x', secret: { secret: sentSecret } },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
  },
  { what: `POST ${path}/keys`, body: `{"secret":"${sentSecret}"`, status: 400, code: 'ERR_REQUEST_INVALID' },
  { what: 'POST /v1/identify', body: { secret: sentSecret }, status: 404, code: 'ERR_RING_KEY_NOT_FOUND' },
  {
    what: 'POST /v1/identify',
    body: { secret: sentSecret, token: sentSecret },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
  },
  {
    what: `POST ${path}/fleet/none/forget`,
    body: { reason: 'x' },
    status: 404,
    code: 'ERR_RING_INSTANCE_NOT_FOUND',
  },
  {
    what: `GET ${path}/keyring`,
    status: 403,
    code: 'ERR_AUTH_FORBIDDEN',
    detail: /instance:immonow\/production/,
  },
  { what: 'GET /v1/session', status: 403, code: 'ERR_AUTH_FORBIDDEN', detail: /console/ },
  {
    what: 'POST /v1/tokens',
    body: { name: 'x', scopes: ['root'] },
    status: 400,
    code: 'ERR_REQUEST_INVALID',
  },
  { what: 'DELETE /v1/tokens/none', status: 404, code: 'ERR_ACCESS_TOKEN_NOT_FOUND' },
  { what: 'PATCH /v1/operators/none', body: { role: 'viewer' }, status: 404, code: 'ERR_OPERATOR_NOT_FOUND' },
  {
    what: 'POST /v1/setup',
    body: { secret: sentSecret, name: 'a', password: sentSecret },
    status: 403,
    code: 'ERR_AUTH_SETUP_LINK',
  },
  { what: 'GET /docs/nothing', status: 404, code: 'ERR_ROUTE_NOT_FOUND' },
]
