/** HubDesk: a ring that a hub keeps. The hub is the controller; this command asks, and follows. */
import { KeyturnError, RingError, Secret } from 'keyturn'
import type { AuditTrail, Ring } from 'keyturn/ports'
import { parseDocument, type Limits } from 'keyturn/ring'
import type { Grounds, Plan, RollbackRequest, RotateRequest, WaitRequest } from 'keyturn/rotation'
import type { Environment } from '../config.ts'
import type { FleetView } from '../desk/fleet-view.ts'
import type {
  ChangeResult,
  EmergencyDemand,
  EmergencyResult,
  EpochRequest,
  Identified,
  ImportRequest,
  InitRequest,
  InitResult,
  KeyChange,
  ResumeResult,
  RingDesk,
  RingLook,
  RingRecord,
  RotationResult,
  Specimen,
} from '../desk/ring-desk.ts'
import type { Report } from '../desk/rotation-progress.ts'
import type { Output } from '../output.ts'
import { usageError } from '../usage-error.ts'
import { followRotation } from './follow-rotation.ts'
import { fleetIn, recordIn, ringViewIn, rotationIn, type RotationView } from './hub-answers.ts'
import type { HubClient } from './hub-client.ts'
import { problemError } from './hub-problem.ts'
import { hubTrail } from './hub-trail.ts'
import { emergencyResultOf, identifiedIn, rotationResultOf } from './hub-results.ts'

export interface HubDeskOptions {
  readonly client: HubClient
  readonly ring: string
  readonly limits: Limits
  readonly where: string
  readonly output: Output
  readonly environment?: string
  readonly settings?: Environment
  /** `limits` were given for a ring to be made. @default those of `settings` count */
  readonly hasLimits?: boolean
}

export class HubDesk implements RingDesk {
  readonly kind = 'hub'
  readonly client: HubClient
  readonly ring: string
  readonly limits: Limits
  readonly where: string
  readonly environment?: string
  readonly settings?: Environment
  readonly #output: Output
  readonly #hasLimits: boolean
  #interruption: string | undefined

  constructor(options: HubDeskOptions) {
    this.client = options.client
    this.ring = options.ring
    this.limits = options.limits
    this.where = options.where
    this.#output = options.output
    this.#hasLimits = options.hasLimits ?? options.settings !== undefined
    if (options.environment !== undefined) this.environment = options.environment
    if (options.settings) this.settings = options.settings
  }

  get name(): string {
    return `${this.ring} at ${this.client.url}`
  }

  get trailName(): string {
    return `the trail of ${this.name}`
  }

  async record(): Promise<RingRecord | undefined> {
    try {
      return await this.look()
    } catch (error) {
      if (error instanceof KeyturnError && error.code === 'ERR_STORE_MISSING') return undefined
      throw error
    }
  }

  async look(): Promise<RingLook> {
    const view = ringViewIn(await this.client.get(this.#path()), this.client.host)
    // A hub refuses a weak secret when it comes in, and nobody edits a ring behind its back.
    return { ...view, edited: false, weak: false }
  }

  async fleet(): Promise<FleetView> {
    return fleetIn(await this.client.get(this.#path('fleet')), this.client.host)
  }

  trail(): Promise<AuditTrail> {
    return hubTrail(this.client, this.ring)
  }

  async material(): Promise<Ring> {
    const { document, secrets } = recordIn(await this.client.get(this.#path('keyring')), this.client.host)
    const texts = Object.entries(recordIn(secrets, this.client.host))
    return {
      document: parseDocument(document),
      secrets: new Map(texts.map(([kid, text]) => [kid, new Secret(String(text))])),
    }
  }

  async identify({ kind, text }: Specimen): Promise<Identified | undefined> {
    try {
      const body = await this.client.post(['identify'], { [kind]: text })
      return identifiedIn(body, this.client, this.where)
    } catch (error) {
      if (error instanceof KeyturnError && error.code === 'ERR_RING_KEY_NOT_FOUND') return undefined
      throw error
    }
  }

  planRotation(request: Omit<RotateRequest, 'reason'>): Promise<Plan> {
    const { mode, grace, force, alg, limits, plan } = request
    return this.client.post(this.#path('plans'), { kind: 'rotation', mode, grace, force, alg, limits, plan })
  }

  planRollback({ to, plan }: Omit<RollbackRequest, 'reason'>): Promise<Plan> {
    return this.client.post(this.#path('plans'), { kind: 'rollback', to, plan })
  }

  async rotate(request: RotateRequest, report?: Report): Promise<RotationResult> {
    return rotationResultOf(await this.#run(['rotations'], request, report))
  }

  /** What is asked of the hub from now on goes on there, whatever becomes of this command. */
  asks(): void {
    this.#interruption = `interrupted. If ${this.client.host} has taken it, it goes on there: ${this.#comeBack()}`
  }

  /** One of several that the hub runs together. */
  async followed(started: RotationView, report?: Report): Promise<RotationResult> {
    return rotationResultOf(await this.#follow(started, report))
  }

  async rollback(request: RollbackRequest, report?: Report): Promise<RotationResult> {
    return rotationResultOf(await this.#run(['rollbacks'], request, report))
  }

  /** One that the hub runs is followed; one that nobody runs is taken up. */
  async resume(wait: WaitRequest, report?: Report): Promise<ResumeResult> {
    const running = await this.#running()
    const { document } = await this.look()
    const view = running
      ? await this.#follow(running, report)
      : await this.#run(['rotations', 'resume'], wait, report)
    const mode = running?.mode ?? document.operation?.mode
    return { ...rotationResultOf(view), mode }
  }

  abort({ reason, cause }: Grounds): Promise<ChangeResult> {
    return this.client.post(this.#path('rotations', 'abort'), { reason, cause })
  }

  async emergency(demand: EmergencyDemand, report?: Report): Promise<EmergencyResult> {
    return emergencyResultOf(await this.#run(['emergency'], { ...demand, confirm: this.ring }, report))
  }

  interruption(): string | undefined {
    return this.#interruption
  }

  async init({ adopt, aliases, alg, reason }: InitRequest): Promise<InitResult> {
    if (adopt || aliases)
      throw usageError(
        'a hub makes a ring with a fresh key: then keyturn key import stages an existing secret, and keyturn rotate',
      )
    const limits = this.#hasLimits ? this.limits : undefined
    try {
      const made = await this.client.post<ChangeResult>(['rings'], { ring: this.ring, limits, alg, reason })
      return { kind: 'created', ring: made.ring, generation: made.generation }
    } catch (error) {
      if (!(error instanceof KeyturnError) || error.code !== 'ERR_RING_EXISTS') throw error
      const { document } = await this.look()
      return { kind: 'unchanged', ring: document.ring, generation: document.generation }
    }
  }

  importKey({ text, ...request }: ImportRequest): Promise<ChangeResult & { readonly kid: string }> {
    return this.client.post(this.#path('keys'), { secret: text, ...request })
  }

  retireKey({ kid, ...request }: KeyChange): Promise<ChangeResult> {
    return this.client.post(this.#path('keys', kid, 'retire'), request)
  }

  destroyKey({ kid, ...request }: KeyChange): Promise<ChangeResult> {
    return this.client.post(this.#path('keys', kid, 'destroy'), request)
  }

  forget({ instance, ...grounds }: Grounds & { readonly instance: string }): Promise<ChangeResult> {
    return this.client.post(this.#path('fleet', instance, 'forget'), grounds)
  }

  eraseDue(): Promise<{ readonly erased: readonly string[] }> {
    return this.client.post(this.#path('erase'))
  }

  newEpoch(request: EpochRequest): Promise<ChangeResult & { readonly epoch: number }> {
    return this.client.post(this.#path('epoch'), request)
  }

  #path(...rest: readonly string[]): readonly string[] {
    return ['rings', this.ring, ...rest]
  }

  async #running(): Promise<RotationView | undefined> {
    const { rotations } = await this.client.get<{ rotations: readonly unknown[] }>(this.#path('rotations'), {
      query: { limit: 10 },
    })
    return rotations.map(each => rotationIn(each, this.client.host)).find(({ state }) => state === 'running')
  }

  async #run(path: readonly string[], request: object, report?: Report): Promise<RotationView> {
    this.asks()
    const body = await this.client.post(this.#path(...path), request)
    return this.#follow(rotationIn(body, this.client.host), report)
  }

  /** @throws what ended it */
  async #follow(started: RotationView, report?: Report): Promise<RotationView> {
    this.#interruption = `interrupted. The ${started.kind} goes on at ${this.client.host}, id ${started.id}: ${this.#comeBack()}`
    const view = await followRotation(this.client, started, {
      ...(report && { report }),
      warn: text => this.#output.warn(text),
    })
    this.#interruption = undefined
    if (view.state === 'done' && view.outcome) return view
    throw view.problem
      ? problemError(view.problem)
      : new RingError('ERR_RING_CONFLICT', `the hub ended ${view.id} without an outcome`)
  }

  #comeBack(): string {
    return `keyturn rotate --resume${this.where} follows it again, keyturn status${this.where} says where it is`
  }
}
