/** FileDesk: a ring in a .env file. This command itself is the controller. */
import { checkSecret } from 'keyturn'
import { systemClock, type AuditTrail, type Ring } from 'keyturn/ports'
import { hasBytes, type Limits, type RingKey } from 'keyturn/ring'
import {
  abortOperation,
  adoptEdit,
  beginEpoch,
  defaultTimeout,
  destroyKey,
  eraseDue,
  fleetOf,
  forgetInstance,
  importKey,
  initRing,
  planRollback,
  planRotation,
  readRing,
  resume,
  retireKey,
  rollback,
  rotate,
  type Grounds,
  type Outcome,
  type Plan,
  type RollbackRequest,
  type RotateRequest,
  type RotationContext,
  type WaitRequest,
} from 'keyturn/rotation'
import type { EnvFile } from 'keyturn/stores/env-file'
import { actor } from '../actor.ts'
import { afterChangeOf } from '../after-change.ts'
import type { Environment } from '../config.ts'
import type { Output } from '../output.ts'
import type { FileTarget } from '../target.ts'
import { acknowledgedIn, fleetViewOf, type FleetView } from './fleet-view.ts'
import { runEmergency } from './local-emergency.ts'
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
} from './ring-desk.ts'
import { progressIn, type Report } from './rotation-progress.ts'

export class FileDesk implements RingDesk {
  readonly kind = 'file'
  readonly file: EnvFile
  readonly ring: string
  readonly limits: Limits
  readonly where: string
  readonly environment?: string
  readonly settings?: Environment
  readonly #target: FileTarget
  readonly #output: Output
  #interruption: string | undefined

  constructor(target: FileTarget, output: Output, where: string) {
    this.file = target.file
    this.ring = target.ring
    this.limits = target.limits
    this.where = where
    if (target.environment !== undefined) this.environment = target.environment
    if (target.settings) this.settings = target.settings
    this.#target = target
    this.#output = output
  }

  get name(): string {
    return this.file.name
  }

  get trailName(): string {
    return this.file.auditPath
  }

  async record(): Promise<RingRecord | undefined> {
    const ring = await this.file.store.read()
    return ring && { document: ring.document, edited: ring.edited !== undefined }
  }

  async look(): Promise<RingLook> {
    const ring = await readRing(this.file.store)
    const { document } = ring
    const now = systemClock.now()
    const fleet = fleetViewOf(await fleetOf(ring, this.file.leases, now), document, now)
    const secret = ring.secrets.get(document.keys.find(key => key.state === 'active')?.kid ?? '')
    const weak = secret !== undefined && !checkSecret(secret.reveal()).ok
    return { document, edited: ring.edited !== undefined, fleet, now, weak, halted: null }
  }

  async fleet(): Promise<FleetView> {
    const ring = await readRing(this.file.store)
    const now = await this.file.store.now()
    return fleetViewOf(await fleetOf(ring, this.file.leases, now), ring.document, now)
  }

  trail(): Promise<AuditTrail> {
    return this.file.trail()
  }

  material(): Promise<Ring | undefined> {
    return this.file.store.read()
  }

  async identify({ kind, text, kid }: Specimen): Promise<Identified | undefined> {
    const ring = await this.file.store.read().catch(() => undefined)
    const key = ring && keyOf(ring, kid, kind === 'token' ? undefined : text)
    if (!ring || !key) return undefined
    const { createdAt, state } = key
    const { ring: name } = ring.document
    return { ring: name, kid: key.kid, state, createdAt, hasBytes: hasBytes(key), where: this.where }
  }

  async planRotation(request: Omit<RotateRequest, 'reason'>): Promise<Plan> {
    const { document } = await readRing(this.file.store)
    return planRotation(document, request, Math.floor(systemClock.now() / 1000))
  }

  async planRollback(request: Omit<RollbackRequest, 'reason'>): Promise<Plan> {
    const { document } = await readRing(this.file.store)
    return planRollback(document, request, Math.floor(systemClock.now() / 1000))
  }

  async rotate(request: RotateRequest, report?: Report): Promise<RotationResult> {
    const context = this.rotationContext(report, request.timeout)
    await eraseDue(context)
    return resultOf(await rotate(context, request))
  }

  async rollback(request: RollbackRequest, report?: Report): Promise<RotationResult> {
    const { document } = await readRing(this.file.store)
    return resultOf(await rollback(this.#context(report, request.timeout), request), document.cutoff)
  }

  async resume(wait: WaitRequest, report?: Report): Promise<ResumeResult> {
    const context = this.rotationContext(report, wait.timeout)
    const found = await readRing(context.store)
    if (found.edited) await adoptEdit(context, found)
    await eraseDue(context)
    const outcome = await resume(context, wait)
    return { ...resultOf(outcome), mode: found.document.operation?.mode }
  }

  async abort(grounds: Grounds): Promise<ChangeResult> {
    return changeOf(await abortOperation(this.#context(), grounds))
  }

  emergency(demand: EmergencyDemand, report?: Report): Promise<EmergencyResult> {
    return runEmergency(this.#context(report, demand.timeout), demand)
  }

  interruption(): string | undefined {
    return this.#interruption
  }

  async init(request: InitRequest, report?: Report): Promise<InitResult> {
    if ((await this.file.store.read()) === undefined) this.file.createFile()
    const { ring, limits } = this
    const { kind, document } = await initRing(this.#context(report), { ...request, ring, limits })
    return { kind, ...changeOf(document) }
  }

  async importKey(request: ImportRequest): Promise<ChangeResult & { readonly kid: string }> {
    const { document, kid } = await importKey(this.#context(), request)
    return { ...changeOf(document), kid }
  }

  async retireKey(request: KeyChange): Promise<ChangeResult> {
    return changeOf(await retireKey(this.#context(), request))
  }

  async destroyKey(request: KeyChange): Promise<ChangeResult> {
    return changeOf(await destroyKey(this.#context(), request))
  }

  async forget(request: Grounds & { readonly instance: string }): Promise<ChangeResult> {
    return changeOf(await forgetInstance(this.#context(), request))
  }

  async eraseDue(timeout?: number): Promise<{ readonly erased: readonly string[] }> {
    return eraseDue(this.#context(undefined, timeout))
  }

  async newEpoch(request: EpochRequest): Promise<ChangeResult & { readonly epoch: number }> {
    const document = await beginEpoch(this.#context(), request)
    return { ...changeOf(document), epoch: document.epoch }
  }

  /** What a rotation works with. @param timeout milliseconds that `afterChange` has to bring up a new process */
  rotationContext(report?: Report, timeout?: number): RotationContext {
    this.#interruption =
      'interrupted. Nobody is signed out by this; keyturn rotate --resume goes on, --abort drops what is staged'
    return this.#context(report, timeout)
  }

  #context(report?: Report, timeout: number = defaultTimeout): RotationContext {
    const afterChange = afterChangeOf(this.#target, this.#output, timeout)
    return {
      store: this.file.store,
      leases: this.file.leases,
      clock: systemClock,
      actor: actor(),
      trail: () => this.file.trail(),
      ...(report && { report: event => report(progressIn(event)) }),
      ...(afterChange && { afterChange }),
    }
  }
}

const changeOf = ({ ring, generation }: { ring: string; generation: number }): ChangeResult => ({
  ring,
  generation,
})

/** @param cutoffBefore of a rollback */
function resultOf({ ring, kid, fleet }: Outcome, cutoffBefore?: number): RotationResult {
  const { document } = ring
  return {
    ...changeOf(document),
    kid,
    cutoff: document.cutoff,
    acknowledged: acknowledgedIn(fleet),
    canUndo: document.undo.length > 0,
    sessionsRestored: cutoffBefore !== undefined && document.cutoff < cutoffBefore,
  }
}

/** A legacy key has a random kid: its text is compared. */
function keyOf(ring: Ring, kid: string | undefined, text: string | undefined): RingKey | undefined {
  if (kid === undefined) return undefined
  const legacy = ring.document.keys.find(
    key => key.legacy && text !== undefined && ring.secrets.get(key.kid)?.reveal() === text,
  )
  return legacy ?? ring.document.keys.find(key => key.kid === kid || key.aliases?.includes(kid))
}
