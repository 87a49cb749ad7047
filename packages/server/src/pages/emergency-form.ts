/** readEmergencyForm: what somebody has filled in, and what is wrong with it. */
import type { z } from 'zod'
import { emergencyRequest } from '../http/schemas.ts'
import type { Words } from './words-en.ts'

/** As it was typed, so that nothing is typed twice. */
export interface EmergencyForm {
  readonly cause: string
  readonly reason: string
  readonly kid: string
  readonly revokeTokens: boolean
  readonly confirm: string
  /** Sending it twice starts one emergency. */
  readonly once: string
}

export type FieldErrors = Readonly<Partial<Record<'cause' | 'reason' | 'kid' | 'confirm' | 'once', string>>>

export const formIn = (fields: URLSearchParams): EmergencyForm => ({
  cause: fields.get('cause') ?? '',
  reason: fields.get('reason') ?? '',
  kid: fields.get('kid') ?? '',
  revokeTokens: fields.get('revokeTokens') === '1',
  confirm: (fields.get('confirm') ?? '').trim(),
  once: fields.get('once') ?? '',
})

export const causes = ['compromised', 'breach', 'access-holder-left', 'other'] as const

const longestReason = 500

/** The request, or what is wrong. */
export function readEmergencyForm(
  form: EmergencyForm,
  ring: string,
  words: Words,
): { readonly request: z.infer<typeof emergencyRequest> } | { readonly errors: FieldErrors } {
  // The field has room for several lines, the trail has one.
  const reason = form.reason.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const errors: FieldErrors = {
    ...(!causes.some(each => each === form.cause) && { cause: words.missingCause }),
    ...(reason === '' && { reason: words.missingReason }),
    ...(reason.length > longestReason && { reason: words.longReason }),
    ...(form.confirm !== ring && { confirm: words.wrongConfirm(ring) }),
  }
  if (Object.keys(errors).length > 0) return { errors }
  const { cause, confirm, kid, revokeTokens } = form
  const parsed = emergencyRequest.safeParse({
    reason,
    cause,
    confirm,
    ...(kid !== '' && { kid }),
    ...(revokeTokens && { revokeTokens }),
  })
  return parsed.success ? { request: parsed.data } : { errors: { reason: words.missingReason } }
}
