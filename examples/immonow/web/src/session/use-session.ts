/** useSession, useIsGuest: who is signed in, for components. */
import { useSyncExternalStore } from 'react'
import { session } from '../app/site.ts'
import type { SessionState } from './session.ts'

export const useSession = (): SessionState => useSyncExternalStore(session.subscribe, () => session.state)

/** Nobody is signed in who could be told that they stay so. */
export function useIsGuest(): boolean {
  const { status } = useSession()
  return status === 'guest' || status === 'ended'
}
