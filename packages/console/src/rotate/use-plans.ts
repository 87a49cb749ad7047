/** usePlans: what the hub would do, asked anew whenever the choice or the ring changes. Nothing is changed by it. */
import { useQuery } from '@tanstack/react-query'
import { post } from '../api/call.ts'
import { ApiProblem } from '../api/problem.ts'
import { ringPath } from '../api/queries.ts'
import type { ApplicationPlans, Plan, RingView } from '../api/answers.ts'
import { hubNow } from '../format/use-now.ts'
import { planRequestOf, refusalOf, type Choice } from './choice.ts'

export interface Plans {
  readonly plans: readonly Plan[]
  readonly isPending: boolean
  readonly error: Error | null
}

/** @param application for all its environments at once */
export function usePlans(view: RingView, choice: Choice, application: string | undefined): Plans {
  const { ring, epoch, generation } = view.document
  const request = planRequestOf(choice)
  const refusal = refusalOf(view, choice, hubNow() / 1000)
  const { data, error, isPending } = useQuery({
    queryKey: ['plans', ring, epoch, generation, application ?? null, request],
    queryFn: () => (application === undefined ? planOf(ring, request) : plansOf(application, choice)),
    enabled: refusal === undefined,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  if (refusal) return { plans: [], isPending: false, error: new ApiProblem(409, refusal) }
  return { plans: error ? [] : (data ?? []), isPending, error }
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
