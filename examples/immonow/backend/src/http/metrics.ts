/** The metrics of this process in Prometheus' text format. They hold kids and codes, never a token. */
import type { Services } from '../services.ts'

/** Counts answers by status. */
export function requestCounter(): {
  count(status: number): void
  byStatus(): Readonly<Record<string, number>>
} {
  const counts: Record<string, number> = {}
  return {
    count(status) {
      counts[status] = (counts[status] ?? 0) + 1
    },
    byStatus: () => counts,
  }
}

/** @param now epoch milliseconds */
export function metricsText(
  { keyring, passwords }: Services,
  requests: Readonly<Record<string, number>>,
  now: number,
): string {
  const { verified, rejected, signed, loginsSucceeded, loginsFailed, unexpectedSignOuts } = keyring.counters()
  const active = keyring.keys.find(key => key.kid === keyring.activeKid)
  const born = active?.activatedAt ?? active?.createdAt
  // A key that a person set by hand has no date, so there is no sample.
  const age = born == null ? [] : [sample({}, Math.max(0, Math.floor(now / 1000) - born))]
  return [
    metric('keyturn_tokens_verified_total', 'counter', 'Tokens accepted, by key.', byLabel('kid', verified)),
    metric('keyturn_tokens_signed_total', 'counter', 'Tokens signed, by key.', byLabel('kid', signed)),
    metric(
      'keyturn_tokens_rejected_total',
      'counter',
      'Tokens refused, by error code.',
      byLabel('reason', rejected),
    ),
    metric('keyturn_logins_total', 'counter', 'Logins, by result.', [
      sample({ result: 'succeeded' }, loginsSucceeded),
      sample({ result: 'failed' }, loginsFailed),
    ]),
    metric(
      'keyturn_unexpected_sign_outs_total',
      'counter',
      'Users who said at the login page that they were signed out unexpectedly.',
      [sample({}, unexpectedSignOuts)],
    ),
    metric('keyturn_key_age_seconds', 'gauge', 'Time since the active key became active.', age),
    metric('keyturn_ring_generation', 'gauge', 'Generation of the ring held here.', [
      sample({}, keyring.generation),
    ]),
    metric('keyturn_ring_fresh', 'gauge', '1 while the ring is younger than maxStale.', [
      sample({}, keyring.state === 'fresh' ? 1 : 0),
    ]),
    metric('immonow_responses_total', 'counter', 'Answers, by status.', byLabel('status', requests)),
    metric('immonow_password_jobs', 'gauge', 'Passwords being checked, and waiting for it.', [
      sample({ state: 'running' }, passwords.load.running),
      sample({ state: 'waiting' }, passwords.load.waiting),
    ]),
  ].join('')
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const sample = (labels: Sample['labels'], value: number): Sample => ({ labels, value })

const byLabel = (label: string, counts: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(counts).map(([name, value]) => sample({ [label]: name }, value))

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => {
    const text = Object.entries(labels)
      .map(([label, content]) => `${label}="${escaped(content)}"`)
      .join(',')
    return `${name}${text && `{${text}}`} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

const escaped = (text: string): string =>
  text.replace(/[\\"\n]/g, character => (character === '\n' ? '\\n' : `\\${character}`))
