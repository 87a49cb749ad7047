/** startBackend: one ImmoNow backend, on a ring of a hub. */
import { fileURLToPath } from 'node:url'
import { ServiceProcess } from './service-process.ts'

export interface BackendOptions {
  /** For people: 1, 2, 3. */
  readonly number: number
  /** 0 takes any. */
  readonly port: number
  readonly databaseFile: string
  /** Address of the hub. */
  readonly hub: string
  readonly ring: string
  /** File of the access token for instances of the ring. */
  readonly tokenFile: string
  readonly logFile: string
}

/** Its address is what it says when it listens. */
export function startBackend(options: BackendOptions): ServiceProcess<string> {
  const { number, port, databaseFile, hub, ring, tokenFile, logFile } = options
  return new ServiceProcess({
    name: `backend ${number}`,
    args: [fileURLToPath(import.meta.resolve('immonow-backend/dist/main.js'))],
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_FILE: databaseFile,
      KEYTURN_URL: hub,
      KEYTURN_RING: ring,
      KEYTURN_TOKEN_FILE: tokenFile,
    },
    logFile,
    listening: line => /^\{"event":"listening","url":"([^"]+)".*\}$/.exec(line)?.[1],
  })
}
