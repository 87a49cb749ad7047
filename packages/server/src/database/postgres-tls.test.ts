/** sslmode=verify-full takes the server whose certificate the authority has signed, and no other. */
import { chownSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../keyturn/test/expect-error.ts'
import { selfSigned } from '../../../keyturn/test/self-signed.ts'
import { temporaryFolder } from '../../../keyturn/test/temporary-folder.ts'
import { opened } from '../../test/fresh-database.ts'
import { embeddedPostgres } from '../../test/postgres.ts'
import { sql } from 'kysely'
import { openDatabase } from './open-database.ts'

const server = await embeddedPostgres()

describe.skipIf('cannot' in server)('sslmode=verify-full', () => {
  it('opens a server with a certificate of that authority, and refuses others', async () => {
    if ('cannot' in server) return
    const [own, other] = [selfSigned(), selfSigned()]
    const folder = temporaryFolder()
    const { uid, gid } = statSync(server.data)
    const put = (name: string, text: string): string => {
      const path = join(name.startsWith('server') ? server.data : folder, name)
      writeFileSync(path, text, { mode: 0o600 })
      if (name.startsWith('server')) chownSync(path, uid, gid)
      return path
    }
    put('server.key', own.key)
    put('server.crt', own.cert)
    const name = await server.createDatabase()
    await server.stop()
    await server.start({ ssl: 'on' })

    const urlWith = (changes: { host?: string; authority?: string; mode?: string }): string => {
      const url = new URL(server.url(name))
      url.hostname = changes.host ?? '127.0.0.1'
      url.searchParams.set('sslmode', changes.mode ?? 'verify-full')
      if (changes.authority !== undefined) url.searchParams.set('sslrootcert', changes.authority)
      return url.href
    }
    const [ours, theirs] = [put('ours.pem', own.cert), put('theirs.pem', other.cert)]
    const data = folder
    for (const host of ['127.0.0.1', 'localhost']) {
      const { db } = await opened({ data, url: urlWith({ host, authority: ours }) })
      const { rows } = await sql<{
        ssl: boolean
      }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(db)
      expect(rows).toEqual([{ ssl: true }])
    }
    // Another authority; one that the system trusts; a name that is not in the certificate.
    for (const url of [
      urlWith({ authority: theirs }),
      urlWith({}),
      urlWith({ host: '127.0.0.2', authority: ours }),
      urlWith({ host: '[::ffff:127.0.0.1]', authority: ours }),
    ]) {
      const message = await expectError(() => openDatabase({ data, url }), 'ERR_STORE_UNREACHABLE')
      expect(message).not.toContain(new URL(url).password)
    }
  })
})
