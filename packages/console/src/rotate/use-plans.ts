/** usePlans: what the hub would do, asked anew whenever the choice or the ring changes. Nothing is changed by it. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { post } from '../api/call.ts'
import { ApiProblem } from '../api/problem.ts'
import { ringPath } from '../api/queries.ts'
import type { ApplicationPlans, Plan, RingView } from '../api/types.ts'
import { planRequestOf, type Choice } from './choice.ts'

/** @param application for all its environments at once */
export function usePlans(
  { document: { ring, epoch, generation } }: RingView,
  choice: Choice,
  application: string | undefined,
): UseQueryResult<readonly Plan[]> {
  const request = planRequestOf(choice)
  return useQuery({
    queryKey: ['plans', ring, epoch, generation, application ?? null, request],
    queryFn: () => (application === undefined ? planOf(ring, request) : plansOf(application, choice)),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
}

const planOf = async (ring: string, request: object): Promise<readonly Plan[]> => [
  await post<Plan>(`${ringPath(ring)}/plans`, request),
]

async function plansOf(application: string, { mode, force }: Choice): Promise<readonly Plan[]> {
  const answer = await post<ApplicationPlans>(`/applications/${encodeURIComponent(application)}/plans`, {
    mode,
    ...(force && { force }),
  })
  const [refused] = answer.refused
  if (refused) throw new ApiProblem(409, { code: refused.code, detail: `${refused.ring}: ${refused.detail}` })
  return answer.plans
}
