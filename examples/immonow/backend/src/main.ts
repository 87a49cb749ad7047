/** Starts the service, or says in plain words why it will not. */
import { createKeyring } from 'keyturn'

import { lineLogger } from './log-line.ts'
import { readSettings } from './settings.ts'
import { refusalLines } from './refusal.ts'

/** Milliseconds after which a stop that hangs is cut short. */
const stopDeadline = 12_000

const { settings, problems } = readSettings(process.env)
const log = lineLogger(settings.logLevel)
/** What to close, in the order of opening. */
const open: (() => unknown)[] = []

async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
}

async function refuse(lines: readonly string[]): Promise<never> {
  process.stderr.write(`ImmoNow does not start.\n${lines.map(line => `${line}\n`).join('')}`)
  await closeAll()
  process.exit(1)
}

let stoppedAt: number | undefined
function stop(signal: string): void {
  // A second signal means now. One right behind the first is the same Ctrl-C, passed on by npm.
  if (stoppedAt !== undefined) {
    if (performance.now() - stoppedAt > 500) process.exit(1)
    return
  }
  stoppedAt = performance.now()
  log({ level: 'info', event: 'stopping', signal })
  setTimeout(() => {
    log({ level: 'warn', event: 'stop-cut-short' })
    process.exit(1)
  }, stopDeadline).unref()
  closeAll().then(
    () => process.exit(0),
    (error: unknown) => {
      log({
        level: 'error',
        event: 'stop-failed',
        message: error instanceof Error ? error.message : undefined,
      })
      process.exit(1)
    },
  )
}

const refusals = problems.map(problem => `error: ${problem}`)
try {
  const keyring = await createKeyring({ log })
  open.push(() => keyring.close())
  if (refusals.length > 0) await refuse(refusals)
  process.on('SIGTERM', stop).on('SIGINT', stop)

  // Loaded only now, so that a weak secret is refused within a second on a slow machine too.
  const { startService } = await import('./start-service.ts')
  const { close, ...address } = await startService({ keyring, settings, log })
  open.push(close)
  process.stdout.write(`${JSON.stringify({ event: 'listening', ...address, pid: process.pid })}\n`)
} catch (error) {
  await refuse([...refusals, ...refusalLines(error, settings)])
}
