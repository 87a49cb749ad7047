/** The parts that every screen works with: one of each for the whole page. */
import { QueryClient } from '@tanstack/react-query'
import { apiClient } from '../api/api-client.ts'
import { Connection, sleep } from '../api/connection.ts'
import { apiTransport } from '../api/transport.ts'
import { draftStore } from '../drafts/draft-store.ts'
import { alone, mayBeSignedIn, tabNews } from '../session/browser-ports.ts'
import { sessionGate } from '../session/session-gate.ts'
import { Session } from '../session/session.ts'

export const connection = new Connection()
export const drafts = draftStore(() => sessionStorage)

const patience = { sleep, random: Math.random, waiting: connection.waiting }
const transport = apiTransport((...request) => fetch(...request))

const tell = tabNews(news => {
  if (news === 'signed-out') drafts.removeAll()
  void session.heard(news)
})

export const session = new Session({
  gate: sessionGate({ ...patience, transport, alone, mayBeSignedIn }),
  now: Date.now,
  later(milliseconds, work) {
    const timer = setTimeout(work, milliseconds)
    return () => clearTimeout(timer)
  },
  tell,
})

export const api = apiClient(transport, patience, session)

/** The client tries again by itself, as long as it makes sense. */
export const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 10_000 } },
})

/** A logout on purpose: nothing of the account stays in this tab. @throws {ApiError} when the backend did not hear it */
export async function signOut(): Promise<void> {
  await session.signOut()
  drafts.removeAll()
  queries.clear()
}
