/** initRing, adoptWeak, adoptEdit: how a ring that people keep by hand becomes Keyturn's. */
import { ConfigError, StoreError } from '../errors.ts'
import type { HandEdit, Ring } from '../ports/ring-store.ts'
import { adoptLegacy, create, emptyDocument, initialise } from '../ring/adopt.ts'
import type { Algorithm, Limits, RingDocument } from '../ring/document.ts'
import { activeKey } from '../ring/keys.ts'
import { reconcile, type FoundKids } from '../ring/reconcile.ts'
import { generateSecret } from '../secret/generate.ts'
import { kidOf } from '../secret/kid.ts'
import { Secret } from '../secret/secret.ts'
import { checkSecret } from '../secret/strength.ts'
import { change, changeOnce, sealed } from './change.ts'
import { randomId, type Grounds, type RotationContext } from './context.ts'

export interface InitRequest extends Grounds {
  readonly ring: string
  readonly limits: Limits
  /** Take an existing secret over even if it is too weak: it becomes legacy, and a fresh key signs. */
  readonly adopt?: boolean
  /** Kids that tokens of the adopted secret bear. */
  readonly aliases?: readonly string[]
  /** @default 'HS256' */
  readonly alg?: Algorithm
}

export interface InitOutcome {
  readonly kind: 'created' | 'initialised' | 'adopted' | 'edited' | 'unchanged'
  readonly document: RingDocument
}

/**
 * Makes the store hold a ring: a fresh one, or what is there already. Twice is once.
 * @throws {ConfigError} ERR_CONFIG_SECRET_WEAK when the secret that is there is too weak, without `adopt`
 */
export async function initRing(context: RotationContext, request: InitRequest): Promise<InitOutcome> {
  const ring = await context.store.read()
  if (!ring) return { kind: 'created', document: await createRing(context, request) }
  if (ring.edited) return { kind: 'edited', document: (await adoptEdit(context, ring)).document }
  if (ring.document.generation > 0) return { kind: 'unchanged', document: ring.document }
  const { kid } = activeKey(ring.document)
  const report = checkSecret(ring.secrets.get(kid)?.reveal() ?? '')
  if (report.ok) {
    const { document } = await change(context, {
      deed: { ...request, action: 'init' },
      apply: before => initialise({ ...before, ring: request.ring }, request.limits),
    })
    return { kind: 'initialised', document }
  }
  if (!request.adopt) {
    throw new ConfigError(
      'ERR_CONFIG_SECRET_WEAK',
      'the secret that is there is too weak: init --adopt takes it over as legacy, so that nobody is signed out',
      {
        findings: report.findings,
      },
    )
  }
  return { kind: 'adopted', document: await adoptWeak(context, request) }
}

async function createRing(context: RotationContext, request: InitRequest): Promise<RingDocument> {
  const { store, actor } = context
  const secret = new Secret(generateSecret())
  const kid = kidOf(secret.reveal())
  const milliseconds = await store.now()
  const now = Math.floor(milliseconds / 1000)
  const alg = request.alg ?? 'HS256'
  const made = create(request.ring, request.limits, { kid, alg, createdAt: now }, now)
  const document = sealed(
    emptyDocument(request.ring, request.limits),
    made,
    { ...request, action: 'init' },
    actor,
    milliseconds,
  )
  await store.compareAndSwap(
    { epoch: 0, generation: 0, hash: '' },
    { document, secrets: new Map([[kid, secret]]) },
  )
  return document
}

async function adoptWeak(context: RotationContext, request: InitRequest): Promise<RingDocument> {
  const fresh = new Secret(generateSecret())
  const freshKid = kidOf(fresh.reveal())
  const kid = randomId(12)
  const ring = await context.store.read()
  if (!ring) throw new StoreError('ERR_STORE_MISSING', `${context.store.name} holds no ring`)
  const old = ring.secrets.get(activeKey(ring.document).kid)
  const { document } = await changeOnce(context, ring, {
    deed: { ...request, action: 'init.adopt' },
    secrets: new Map([[freshKid, fresh], ...(old ? [[kid, old] as const] : [])]),
    apply: (before, now) =>
      adoptLegacy(
        { ...before, ring: request.ring },
        {
          kid,
          fresh: { kid: freshKid, alg: activeKey(before).alg, createdAt: now },
          limits: request.limits,
          now,
          ...(request.aliases?.length && { aliases: request.aliases }),
        },
      ),
  })
  return document
}

/**
 * Makes the document follow values that a person edited by hand.
 * @throws {ConfigError} ERR_CONFIG_SECRET_COMPROMISED, ERR_CONFIG_SECRET_WEAK
 */
export async function adoptEdit(context: RotationContext, ring: Ring): Promise<Ring> {
  if (!ring.edited) return ring
  refuseWeak(ring.edited.active)
  const { found, secrets } = resolveEdit(ring.document, ring.edited)
  let kind = 'lists'
  const adopted = await changeOnce(context, ring, {
    deed: { action: 'edit', reason: 'edited by hand' },
    secrets,
    adoptsEdit: true,
    apply: (before, now) => {
      const result = reconcile(before, found, now)
      kind = result.kind
      return result.document
    },
  })
  context.report?.({ type: 'adopted', document: adopted.document, kind })
  return adopted
}

/**
 * The ring that the edited values make, for a process that cannot write: every such process comes to the same one.
 * @param now epoch seconds
 * @throws {ConfigError} ERR_CONFIG_SECRET_COMPROMISED
 */
export function reconciled(ring: Ring, now: number): Ring {
  if (!ring.edited) return ring
  const { found, secrets } = resolveEdit(ring.document, ring.edited)
  const { document } = reconcile(ring.document, found, now)
  return { document, secrets: new Map([...ring.secrets, ...secrets]) }
}

/** Which key each edited value is, and its bytes by kid. */
function resolveEdit(
  document: RingDocument,
  edit: HandEdit,
): { found: FoundKids; secrets: ReadonlyMap<string, Secret> } {
  const everything = [edit.active, edit.staged, ...edit.retiring, ...edit.suspended].filter(
    each => each !== undefined,
  )
  const secrets = new Map(everything.map(secret => [kidOf(secret.reveal()), secret]))
  const legacy = document.keys.find(key => key.legacy && key.state !== 'compromised')?.kid
  if (legacy !== undefined && edit.legacy) secrets.set(legacy, edit.legacy)
  const kidsOf = (list: readonly Secret[]): string[] => list.map(secret => kidOf(secret.reveal()))
  const found: FoundKids = {
    active: kidOf(edit.active.reveal()),
    ...(edit.staged && { staged: kidOf(edit.staged.reveal()) }),
    retiring: kidsOf(edit.retiring),
    suspended: kidsOf(edit.suspended),
    ...(edit.legacy && legacy !== undefined && { legacy }),
  }
  return { found, secrets }
}

function refuseWeak(secret: Secret): void {
  const report = checkSecret(secret.reveal())
  if (report.ok) return
  const first = report.findings.find(finding => finding.severity === 'error')
  throw new ConfigError('ERR_CONFIG_SECRET_WEAK', first?.message, { findings: report.findings })
}
