/** Types of what the hub's API takes and gives, for those who ask it in TypeScript. Subpath `@keyturn/server/api`. */
import type { AuditNote } from 'keyturn/ports'
import type { AuditEntry, RingDocument } from 'keyturn/ring'
import type { z } from 'zod'
import type * as applications from './application-schemas.ts'
import type { problem } from './problem-schema.ts'
import type * as events from './routes/events-routes.ts'
import type * as operators from './routes/operators-routes.ts'
import type * as passwords from './routes/password-routes.ts'
import type * as sessions from './routes/session-routes.ts'
import type * as tokens from './routes/tokens-routes.ts'
import type * as who from './routes/whoami-routes.ts'
import type * as schemas from './schemas.ts'

export type Problem = z.infer<typeof problem>

export type Session = z.infer<typeof sessions.sessionView>
export type WhoAmI = z.infer<typeof who.whoami>
export type Role = Session['role']

export type Operator = z.infer<typeof operators.operatorView>
export type OperatorList = z.infer<typeof operators.operatorList>
/** Of a new operator. */
export type Invitation = z.infer<typeof operators.invitation>
export type Token = z.infer<typeof tokens.tokenView>
export type TokenList = z.infer<typeof tokens.tokenList>
/** With the token itself, once. */
export type CreatedToken = z.infer<typeof tokens.createdToken>
/** What happened to operators and tokens. */
export type Event = z.infer<typeof events.eventView>
export type EventList = z.infer<typeof events.eventList>

/** `/v1/rings`. */
export type RingList = z.infer<typeof schemas.ringList>
export type RingSummary = RingList['rings'][number]
/** `/v1/rings/:ring`. */
export type RingView = Omit<z.infer<typeof schemas.ringView>, 'document'> & {
  readonly document: RingDocument
}
export type FleetView = z.infer<typeof schemas.fleetView>
export type InstanceView = z.infer<typeof schemas.instanceView>
export type Standing = InstanceView['standing']
export type Plan = z.infer<typeof schemas.plan>
export type RotationView = z.infer<typeof schemas.rotationView>
/** `/v1/applications/:application/rotations` */
export type ApplicationRotations = z.infer<typeof applications.applicationRotations>
/** `/v1/applications/:application/plans` */
export type ApplicationPlans = z.infer<typeof applications.applicationPlans>
export type RotationList = z.infer<typeof schemas.rotationList>
export type SeriesView = z.infer<typeof schemas.seriesView>
export type SeriesBucket = SeriesView['buckets'][number]
export interface AuditTrail {
  readonly entries: readonly AuditEntry[]
  readonly notes: readonly AuditNote[]
}
/** Whose a secret or a token is. */
export type Identified = z.infer<typeof schemas.identified>
export type Changed = z.infer<typeof schemas.changed>
export type ChangedKey = z.infer<typeof schemas.changedKey>
export type ChangedEpoch = z.infer<typeof schemas.changedEpoch>
export type Erased = z.infer<typeof schemas.erased>

/** Bodies of requests: what has a default may be left out. */
export type Credentials = z.input<typeof sessions.credentials>
export type PasswordChange = z.input<typeof passwords.change>
export type NewOperator = z.input<typeof operators.newOperator>
export type NewRole = z.input<typeof operators.newRole>
export type NewToken = z.input<typeof tokens.newToken>
export type NewRing = z.input<typeof schemas.newRing>
/** Why somebody changes a ring: `reason`, `cause`. */
export type Grounds = z.input<typeof schemas.grounds>
export type PlanRequest = z.input<typeof schemas.planRequest>
export type RotationRequest = z.input<typeof schemas.rotationRequest>
export type ApplicationPlanRequest = z.input<typeof applications.applicationPlanRequest>
export type ApplicationRotationRequest = z.input<typeof applications.applicationRotationRequest>
export type RollbackRequest = z.input<typeof schemas.rollbackRequest>
export type EmergencyRequest = z.input<typeof schemas.emergencyRequest>
export type WaitRequest = z.input<typeof schemas.waiting>
export type KeyRequest = z.input<typeof schemas.keyRequest>
export type ImportRequest = z.input<typeof schemas.importRequest>
export type EpochRequest = z.input<typeof schemas.epochRequest>
export type IdentifyRequest = z.input<typeof schemas.identifyRequest>
