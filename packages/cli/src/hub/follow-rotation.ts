/** followRotation: a rotation that a hub runs, watched until it has ended. */
import { systemClock } from 'keyturn/ports'
import type { Report, RotationProgress } from '../desk/rotation-progress.ts'
import type { HubClient } from './hub-client.ts'
import { rotationIn, type RotationStep, type RotationView } from './hub-answers.ts'
import { HubProblem, NoAnswer } from './hub-problem.ts'

/** Milliseconds: how long a hub may wait with its answer when nothing happens. */
const longWait = 20_000
/** While instances are missing: who waits is to read it soon. */
const shortWait = 1000

export interface FollowOptions {
  readonly report?: Report
  /** Says that the hub is away, once for each time. */
  readonly warn: (text: string) => void
  /** Milliseconds of silence after which the command gives up; the rotation goes on. @default 120000 */
  readonly patience?: number
}

/**
 * A connection that breaks is made again: the rotation goes on in the hub, and another replica may answer.
 * @throws {StoreError} ERR_STORE_UNREACHABLE when the hub stays away
 */
export async function followRotation(
  client: HubClient,
  started: RotationView,
  options: FollowOptions,
): Promise<RotationView> {
  let view = started
  let seen = 0
  let waiting: RotationStep | undefined
  for (;;) {
    for (const step of view.events) {
      if (step.n <= seen) continue
      seen = step.n
      tell(view, step, options.report)
      waiting = step.missing && step.missing.length > 0 ? step : undefined
    }
    if (view.state !== 'running') return view
    view = await ask(client, view, { seen, wait: waiting ? shortWait : longWait }, options)
    // The hub tells a wait once, and only one that lasts is worth a line: the report decides.
    if (waiting && view.events.every(({ n }) => n <= seen)) tell(view, waiting, options.report)
  }
}

async function ask(
  client: HubClient,
  { ring, id }: RotationView,
  { seen, wait }: { readonly seen: number; readonly wait: number },
  { warn, patience = 120_000 }: FollowOptions,
): Promise<RotationView> {
  const end = systemClock.monotonic() + patience
  for (let tries = 0; ; tries += 1) {
    try {
      const query = { wait: tries === 0 ? wait : 0, seen }
      const body = await client.get(['rings', ring, 'rotations', id], { query, wait: query.wait })
      if (tries > 0) warn(`${client.host} answers again`)
      return rotationIn(body, client.host)
    } catch (error) {
      if (!isAway(error)) throw error
      if (systemClock.monotonic() > end)
        throw new NoAnswer(`${error.message}; ${id} goes on without this command`, {
          isSent: true,
          fix: 'keyturn rotate --resume follows it again, keyturn status says where it is',
        })
      if (tries === 0) warn(`${error.message}; the rotation goes on there, trying again`)
      await systemClock.sleep(Math.min(500 * 2 ** tries, 5000))
    }
  }
}

/** A database that is away, or a replica that stops, comes back. */
const isAway = (error: unknown): error is Error =>
  error instanceof NoAnswer || (error instanceof HubProblem && (error.answered ?? 0) >= 500)

function tell(view: RotationView, step: RotationStep, report: Report | undefined): void {
  const progress = progressIn(view, step)
  if (progress) report?.(progress)
}

/** Undefined for a step that a newer hub knows and this command does not. */
function progressIn(view: RotationView, step: RotationStep): RotationProgress | undefined {
  const { type, kid = view.kid ?? '', generation = view.generation ?? 0, missing = [] } = step
  switch (type) {
    case 'staged':
    case 'activated':
      return { type, kid, generation }
    case 'gate':
      return { type, acknowledged: step.acknowledged ?? 0, missing }
    case 'confirming':
      return { type, instances: step.counting ?? 0, missing }
    case 'resumed':
      return { type, mode: view.mode, reason: view.reason }
    case 'adopted':
      return { type, kind: view.mode, generation }
    default:
      return undefined
  }
}
