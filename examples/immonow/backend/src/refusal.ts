/** Says why the service does not start, and what to do about it. Never with a value of a secret. */
import { ConfigError, errorTable, KeyturnError } from 'keyturn'

import type { Settings } from './settings.ts'

export function refusalLines(error: unknown, settings: Settings): string[] {
  if (error instanceof KeyturnError) return keyturnLines(error)
  if (!(error instanceof Error)) return ['error: unknown']
  const { host, port, databaseFile } = settings
  const code = 'code' in error ? String(error.code) : ''
  const known = listenErrors[code]
  if (known)
    return [`error: ${known(host, port)}`, `hint: ${code === 'EADDRINUSE' ? portHint : 'set HOST and PORT'}`]
  if (
    /unable to open|SQLITE_(CANTOPEN|NOTADB|READONLY|IOERR|CORRUPT|PERM)/i.test(`${code} ${error.message}`)
  ) {
    return [
      `error: the database ${databaseFile} cannot be opened${code && ` (${code})`}`,
      'hint: DATABASE_FILE must name an SQLite file, or a new file in a folder that exists and can be written to',
    ]
  }
  return [`error: ${error.message}`, ...(error.stack?.split('\n').slice(1, 4) ?? [])]
}

function keyturnLines(error: KeyturnError): string[] {
  const findings = error instanceof ConfigError ? error.findings : []
  // With findings the message repeats them all on one line.
  const what = findings.length > 0 ? errorTable[error.code].title : error.message
  return [
    `error: ${what} (${error.code})`,
    ...findings.flatMap(({ severity, message, remedy }) => [
      `  ${severity}: ${message}`,
      `    remedy: ${remedy}`,
    ]),
    `hint: ${error.fix}`,
  ]
}

const portHint = 'stop the program that has the port, or set PORT to another one (0 takes any free port)'

const listenErrors: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `port ${port} on ${host} is taken`,
  EACCES: (host, port) => `this user may not listen on port ${port} of ${host}`,
  EADDRNOTAVAIL: host => `${host} is not an address of this machine`,
  ENOTFOUND: host => `the host ${host} is not known`,
}
