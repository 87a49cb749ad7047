/** What the console asks the hub, each under one key. Server-sent hints make them ask again; a slow poll is the truth. */
import { queryOptions } from '@tanstack/react-query'
import { hubNow, noteHubTime } from '../format/use-now.ts'
import { get, rememberCsrf } from './call.ts'
import type {
  AuditTrail,
  EventList,
  FleetView,
  OperatorList,
  RingList,
  RingView,
  RotationList,
  RotationView,
  SeriesView,
  Session,
  TokenList,
} from './answers.ts'

/** Milliseconds: hints come at once, and one that is lost costs this long. */
const poll = 15_000

/** Entries that the hub gives at most at once. */
const trailPage = 1_000

export const ringPath = (ring: string): string => `/rings/${encodeURIComponent(ring)}`

/** Notes the hub's clock when an answer comes. Later, out of the cache, what it says of the time is old. */
async function timed<Answer extends { readonly now: number }>(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked
  noteHubTime(answer.now)
  return answer
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await get<Session>('/session', signal)
    rememberCsrf(session.csrf)
    return session
  },
  refetchInterval: 60_000,
})

export const ringsQuery = queryOptions({
  queryKey: ['rings'],
  queryFn: ({ signal }) => get<RingList>('/rings', signal),
  refetchInterval: poll,
})

export const ringQuery = (ring: string) =>
  queryOptions({
    queryKey: ['ring', ring, 'view'],
    queryFn: ({ signal }) => timed(get<RingView>(ringPath(ring), signal)),
    refetchInterval: poll,
  })

export const fleetQuery = (ring: string) =>
  queryOptions({
    queryKey: ['ring', ring, 'fleet'],
    queryFn: ({ signal }) => timed(get<FleetView>(`${ringPath(ring)}/fleet`, signal)),
    refetchInterval: poll,
  })

/** @param minutes how far back @param step minutes of one bucket */
export const seriesQuery = (ring: string, minutes: number, step: number) =>
  queryOptions({
    queryKey: ['ring', ring, 'series', minutes, step],
    queryFn: ({ signal }) =>
      get<SeriesView>(`${ringPath(ring)}/series?from=${hubNow() - minutes * 60_000}&step=${step}`, signal),
    refetchInterval: poll,
    placeholderData: previous => previous,
  })

export const rotationsQuery = (ring: string) =>
  queryOptions({
    queryKey: ['ring', ring, 'rotations'],
    queryFn: ({ signal }) => get<RotationList>(`${ringPath(ring)}/rotations?limit=50`, signal),
    refetchInterval: poll,
  })

export const rotationQuery = (ring: string, id: string) =>
  queryOptions({
    queryKey: ['ring', ring, 'rotations', id],
    queryFn: ({ signal }) =>
      get<RotationView>(`${ringPath(ring)}/rotations/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1_000 : poll),
    // The title of its tab tells those who look at another.
    refetchIntervalInBackground: true,
  })

/** Generations that the overview looks back. */
const recentGenerations = 200

/** @param generation the newest */
export const recentAuditQuery = (ring: string, generation: number) =>
  queryOptions({
    queryKey: ['ring', ring, 'audit', 'recent', generation],
    queryFn: ({ signal }) =>
      get<AuditTrail>(`${ringPath(ring)}/audit?after=${Math.max(0, generation - recentGenerations)}`, signal),
    placeholderData: previous => previous,
  })

/** The whole trail, page by page. */
export const trailQuery = (ring: string) =>
  queryOptions({
    queryKey: ['ring', ring, 'audit', 'all'],
    queryFn: async ({ signal }): Promise<AuditTrail> => {
      const entries: AuditTrail['entries'][number][] = []
      for (;;) {
        const last = entries.at(-1)
        const after = last ? `?after=${last.generation}` : ''
        const page = await get<AuditTrail>(`${ringPath(ring)}/audit${after}`, signal)
        entries.push(...page.entries)
        if (page.entries.length < trailPage) return { entries, notes: page.notes }
      }
    },
    refetchInterval: 4 * poll,
  })

export const operatorsQuery = queryOptions({
  queryKey: ['operators'],
  queryFn: ({ signal }) => get<OperatorList>('/operators', signal),
})

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => get<TokenList>('/tokens', signal),
})

export const eventsQuery = queryOptions({
  queryKey: ['events'],
  queryFn: ({ signal }) => get<EventList>('/events?limit=100', signal),
})
