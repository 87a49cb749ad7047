/** useSession: who is signed in, for components. */
import { useSyncExternalStore } from 'react'
import { session } from '../app/site.ts'
import type { SessionState } from './session.ts'

export const useSession = (): SessionState => useSyncExternalStore(session.subscribe, () => session.state)
