/** useRing, useRole: which ring the address names, and what whoever is logged in may do. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { sessionQuery } from '../api/queries.ts'
import type { Role } from '../api/answers.ts'

export interface RingInUrl {
  /** `application/environment`. */
  readonly ring: string
  /** For links below the ring. */
  readonly params: { readonly application: string; readonly environment: string }
}

export function useRing(): RingInUrl {
  const { application = '', environment = '' } = useParams({ strict: false })
  return { ring: `${application}/${environment}`, params: { application, environment } }
}

const ranks: readonly Role[] = ['viewer', 'operator', 'admin']

export interface RoleOf {
  readonly role: Role
  /** Whether the hub would allow it: the hub refuses by itself, this only says so before. */
  readonly may: (needed: Role) => boolean
}

export function useRole(): RoleOf {
  const { role } = useSuspenseQuery(sessionQuery).data
  return { role, may: needed => ranks.indexOf(role) >= ranks.indexOf(needed) }
}
