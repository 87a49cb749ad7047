/** whyBehind: why an instance has not acknowledged the newest generation, as a case that each language has a sentence for. */
import type { InstanceView, Standing } from '../api/answers.ts'

export type WhyBehind =
  | { readonly case: 'none' }
  | { readonly case: 'silent' | 'fenced'; readonly seconds: number }
  | { readonly case: 'dead' }
  | { readonly case: 'refused'; readonly code: string }
  | { readonly case: 'clockAhead' | 'clockBehind'; readonly seconds: number }
  | { readonly case: 'generation' | 'proof'; readonly held: number; readonly newest: number }

/** @param newest the ring's generation @param now epoch milliseconds, by the hub's clock */
export function whyBehind(
  instance: Pick<InstanceView, 'standing' | 'refused' | 'clockOffsetSeconds' | 'seenAt' | 'generation'>,
  newest: number,
  now: number,
): WhyBehind {
  const { clockOffsetSeconds: offset, generation: held } = instance
  const seconds = Math.max(0, Math.round((now - Date.parse(instance.seenAt)) / 1000))
  switch (instance.standing) {
    case 'acknowledged':
      return { case: 'none' }
    case 'lost':
      return { case: 'silent', seconds }
    case 'fenced':
      return { case: 'fenced', seconds }
    case 'dead':
      return { case: 'dead' }
    case 'refused':
      return { case: 'refused', code: instance.refused?.code ?? '' }
    case 'clock':
      return { case: offset > 0 ? 'clockAhead' : 'clockBehind', seconds: Math.round(Math.abs(offset)) }
    case 'behind':
      return { case: held === newest ? 'proof' : 'generation', held, newest }
  }
}

/** Whoever is silent can be forgotten; nobody else. */
export const canForget = (standing: Standing): boolean =>
  standing === 'lost' || standing === 'fenced' || standing === 'dead'
