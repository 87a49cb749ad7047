/** keyturn serve: the hub, in the foreground until it is told to stop. */
import type { Command } from 'commander'
import { Output, type GlobalFlags } from '../output.ts'
import { defaultData, loadServer } from '../server-package.ts'
import { usageError } from '../usage-error.ts'

interface ServeFlags extends GlobalFlags {
  readonly host: string
  readonly port: string
  readonly data: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly logLevel: string
}

export default (command: Command): void => {
  command
    .option('--host <host>', 'where to listen', '127.0.0.1')
    .option('--port <port>', '0 takes a free one', '8180')
    .option('--data <path>', 'folder of the embedded database; DATABASE_URL: PostgreSQL instead', defaultData)
    .option('--tls-cert <path>', 'certificate, PEM')
    .option('--tls-key <path>', 'its key, PEM')
    .option('--log-level <level>', 'of its log on standard error: error, warn, info, debug', 'info')
    .action(async (_, self: Command) => {
      const flags = self.optsWithGlobals<ServeFlags>()
      const output = new Output(flags)
      const { host, data, tlsCert, tlsKey, insecureHttp } = flags
      if ((tlsCert === undefined) !== (tlsKey === undefined))
        throw usageError('--tls-cert and --tls-key go together')
      const port = portOf(flags.port)
      const { serve } = await loadServer()
      const hub = await serve({
        host,
        port,
        data,
        env: process.env,
        logLevel: flags.quiet ? 'warn' : flags.logLevel,
        ...(tlsCert !== undefined && { tlsCert }),
        ...(tlsKey !== undefined && { tlsKey }),
        ...(insecureHttp && { insecureHttp }),
      })
      const { url, setupLink } = hub
      output.line(`${output.mark('ok')} the hub listens at ${url}`)
      if (setupLink !== undefined) {
        output.line(`  ${setupLink}`)
        output.line('  makes the first operator, once, within 15 minutes: open it, or keyturn login with it')
      }
      output.document('serve', { url, setupLink: setupLink ?? null })
      await stopped()
      output.note('stopping')
      await hub.close()
    })
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw usageError('--port is a number from 0 to 65535')
}

/** A second signal ends it at once. */
const stopped = (): Promise<void> =>
  new Promise(resolve => {
    const stop = (): void => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
