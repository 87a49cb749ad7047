/** The form of a problem document. RFC 9457. */
import { z } from 'zod'

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string(),
    fix: z.string(),
    requestId: z.string(),
    reason: z.enum(['expired', 'security']).optional(),
    findings: z.array(z.unknown()).optional(),
  })
  .describe('application/problem+json')
