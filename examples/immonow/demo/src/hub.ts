/** startHub: a hub with a database of its own, as `keyturn serve` starts it. */
import { keyturnBin } from './keyturn-command.ts'
import { ServiceProcess } from './service-process.ts'

export interface HubOptions {
  /** 0 takes any. */
  readonly port: number
  /** Folder of its database and its master key. */
  readonly data: string
  readonly logFile: string
}

/** What a hub says when it listens. */
export interface ListeningHub {
  readonly url: string
  /** For the first operator, once. A secret. */
  readonly setupLink: string
}

export const startHub = ({ port, data, logFile }: HubOptions): ServiceProcess<ListeningHub> =>
  new ServiceProcess({
    name: 'the hub',
    args: [keyturnBin, 'serve', '--port', String(port), '--data', data, '--json'],
    logFile,
    listening: readListening,
  })

/** Of the line `{"schema":"keyturn/serve/v1","url":...,"setupLink":...}`. */
function readListening(line: string): ListeningHub | undefined {
  if (!line.startsWith('{"schema":"keyturn/serve/')) return undefined
  const { url, setupLink } = JSON.parse(line) as { url: string; setupLink: string | null }
  return { url, setupLink: setupLink ?? '' }
}
