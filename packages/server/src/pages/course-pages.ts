/** coursePages: the course of an emergency, and the report on it. */
import { KeyturnError } from 'keyturn'
import type { RingDocument } from 'keyturn/ring'
import { fleetAt, fleetViewOf, heldRing } from '../http/fleet-view.ts'
import { idParams } from '../http/schemas.ts'
import { rotationNow } from '../http/start-rotation.ts'
import { readTrail } from '../rings/sql-audit-log.ts'
import type { RotationView } from '../rotations/rotation-view.ts'
import { liveTokens, readSeries, seriesReach } from '../series/series.ts'
import { courseOf } from './course.ts'
import { coursePage } from './emergency-course-page.ts'
import { coursePath } from './emergency-pages.ts'
import { reportPage, type Incident, type ReportedKey } from './incident-report.ts'
import type { PageCall, PageRoute } from './page-route.ts'

const url = '/emergency/:application/:environment/:id'

export const coursePages: readonly PageRoute[] = [
  {
    method: 'GET',
    url,
    access: 'read',
    isIdle: true,
    handle: async call => {
      const { rotation, course, path } = await lookAt(call)
      return coursePage(call, { rotation, course, path, isRefreshed: call.query.get('refresh') !== 'off' })
    },
  },
  {
    method: 'GET',
    url: `${url}/report`,
    access: 'read',
    handle: async call => reportPage(call, await incidentOf(call)),
  },
]

/** @throws {StoreError} ERR_STORE_MISSING; {KeyturnError} ERR_ROTATION_NOT_FOUND, also for what is no emergency */
async function lookAt({ hub, params }: PageCall) {
  const { application = '', environment = '', id = '' } = params
  const ring = `${application}/${environment}`
  if (!idParams.safeParse({ ring, id }).success)
    throw new KeyturnError('ERR_ROTATION_NOT_FOUND', 'no emergency has such an id')
  const held = await heldRing(hub, ring)
  const rotation = await rotationNow(hub, ring, id)
  if (rotation.kind !== 'emergency')
    throw new KeyturnError('ERR_ROTATION_NOT_FOUND', `no emergency has the id ${id}`)
  const { document } = held.ring
  const { fleet, now } = await fleetAt(hub, held)
  const view = fleetViewOf(document, fleet, now)
  const course = courseOf(rotation, view, now, document.limits.maxStale)
  return { rotation, course, document, now, path: coursePath(ring, id) }
}

async function incidentOf(call: PageCall): Promise<Incident> {
  const { hub } = call
  const { rotation, course, document, now, path } = await lookAt(call)
  const from = Date.parse(rotation.startedAt)
  const { entries } = await readTrail(hub.database, document.ring)
  const buckets = await readSeries(hub.database, document.ring, { from, to: now }, 1)
  const isCounted = from - document.limits.maxTokenLife * 1000 > now - seriesReach
  return {
    rotation,
    course,
    path,
    keys: killedKeys(rotation, document),
    sessions: isCounted ? await liveTokens(hub.database, document, from) : undefined,
    rejected: buckets.reduce<Record<string, number>>((sums, { rejected }) => {
      for (const [code, count] of Object.entries(rejected)) sums[code] = (sums[code] ?? 0) + count
      return sums
    }, {}),
    entry: entries.find(
      ({ mode, generation, at }) =>
        mode === 'emergency' && generation === rotation.generation && Date.parse(at) >= from - slack,
    ),
  }
}

/** Milliseconds: an entry has whole seconds. */
const slack = 2_000

/** The ring keeps the kids of compromised keys, but not for ever. */
const killedKeys = ({ outcome }: RotationView, { keys }: RingDocument): readonly ReportedKey[] =>
  (outcome?.compromised ?? []).map(kid => keys.find(key => key.kid === kid) ?? { kid })
