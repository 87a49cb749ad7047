/** The file of a backup: whole, its owner's alone, without a secret; and refused when it is anything else. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../keyturn/test/contract/contract-rings.ts'
import { expectError } from '../../keyturn/test/expect-error.ts'
import { temporaryFolder } from '../../keyturn/test/temporary-folder.ts'
import {
  backUp,
  bump,
  freshFile,
  masterKey,
  names,
  site,
  ringAt,
  withRings,
  type Site,
} from '../test/backup-site.ts'
import { inSqlite, onPostgres, opened } from '../test/fresh-database.ts'
import { embeddedPostgres } from '../test/postgres.ts'
import { backupTables } from './backup-file.ts'
import { openOffline } from './offline.ts'

const kinds = [inSqlite, onPostgres(await embeddedPostgres())].filter(({ isMissing }) => !isMissing)

/** Every row of the database, while nobody works on it. */
async function contentOf({ options }: Site): Promise<unknown> {
  const { db, close } = await opened(options)
  const rows = await Promise.all(
    [...backupTables, 'leases' as const].map(table => db.selectFrom(table).selectAll().execute()),
  )
  await close()
  return rows
}

/** As a text with the digest that fits it. */
const sealedFile = (...lines: readonly string[]): string => {
  const text = lines.map(line => `${line}\n`).join('')
  return `${text}${JSON.stringify({ sha256: createHash('sha256').update(text).digest('hex') })}\n`
}
const head = JSON.stringify({ format: 'keyturn/backup/v1', at: '2027-01-15T08:00:00.000Z', rows: 1 })

describe.each(kinds)('the file of a backup of $name', kind => {
  it('is one file for its owner, without a secret in it, and never takes the place of another', async () => {
    const place = await withRings(kind)
    const secrets = (await Promise.all(names.map(ring => ringAt(place, ring)))).flatMap(textsOf)
    const path = freshFile()
    expect(await place.hub.backup(path)).toMatchObject({ rings: 2 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const text = readFileSync(path, 'utf8')
    expect(secrets.length).toBeGreaterThanOrEqual(4)
    for (const [kid, secret] of secrets) {
      expect(text).toContain(kid)
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64url'))
    }
    expect(text).not.toContain(masterKey)
    await expectError(() => place.hub.backup(path), 'ERR_HUB_BACKUP')
    await expectError(() => place.hub.backup(join(path, 'below/a/file')), 'ERR_HUB_BACKUP')
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('that is damaged, cut off, or of something else is refused, and nothing changes', async () => {
    const place = await withRings(kind)
    const path = await backUp(place)
    await bump(place)
    await place.hub.close()
    const before = await contentOf(place)
    const { hub } = await site(kind, place.options)
    const text = readFileSync(path, 'utf8')
    const lines = text.trimEnd().split('\n')
    const middle = Math.floor(text.length / 2)
    const other = text[middle] === 'a' ? 'b' : 'a'
    const refused = [
      '',
      '\n',
      '{}\n',
      'no backup\n',
      'null',
      text.slice(0, -2),
      text.slice(0, middle),
      text.slice(1),
      text.slice(0, middle) + other + text.slice(middle + 1),
      `${text}\n`,
      text + text,
      [...lines.slice(0, 3), ...lines.slice(4), ''].join('\n'),
      [...lines.slice(0, 3), lines[4], lines[3], ...lines.slice(5), ''].join('\n'),
      sealedFile(),
      sealedFile(head.replace('v1', 'v2'), '["meta",{"name":"a","value":"b"}]'),
      sealedFile(head, '["sessions",{"hash":"a"}]'),
      sealedFile(head, '["pg_authid",{}]'),
      sealedFile(head, 'null'),
      sealedFile(head, '{"rings":1}'),
    ]
    for (const [index, content] of refused.entries()) {
      const file = join(temporaryFolder(), `refused-${index}`)
      writeFileSync(file, content)
      const message = await expectError(() => hub.restore(file, { actor: 'a test' }), 'ERR_HUB_BACKUP')
      expect(message).toContain(file)
    }
    await expectError(() => hub.restore('/nowhere/backup', { actor: 'a test' }), 'ERR_HUB_BACKUP')
    await hub.close()
    expect(await contentOf(place)).toEqual(before)
  })

  it('with a ring that was changed in it, or rows that do not fit, is refused, and nothing changes', async () => {
    const place = await withRings(kind)
    const lines = readFileSync(await backUp(place), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(0, -1)
    await bump(place)
    await place.hub.close()
    const before = await contentOf(place)
    const { hub } = await site(kind, place.options)
    const written = (...changed: readonly string[]): string => {
      const file = freshFile()
      writeFileSync(file, sealedFile(...changed))
      return file
    }
    const ring = lines.findIndex(line => line.startsWith('["rings"'))
    const withRing = (change: (row: Record<string, string>) => Record<string, string>) => {
      const [table, row] = JSON.parse(lines[ring] ?? '') as [string, Record<string, string>]
      return written(
        ...lines.map((line, index) => (index === ring ? JSON.stringify([table, change(row)]) : line)),
      )
    }
    const { document = '', secrets = '' } = (
      JSON.parse(lines[ring] ?? '') as [string, Record<string, string>]
    )[1]
    const refusals = [
      [{ document: document.replace('"cutoff":', '"cutoff":9') }, 'ERR_HUB_SEAL'],
      [{ secrets: '{}' }, 'ERR_HUB_SEAL'],
      [{ secrets: secrets.replaceAll('v1.', 'v1.A') }, 'ERR_HUB_MASTER_KEY'],
      [{ document: '{}' }, 'ERR_RING_INVALID'],
    ] as const
    for (const [change, code] of refusals)
      await expectError(
        () =>
          hub.restore(
            withRing(row => ({ ...row, ...change })),
            { actor: 'a test' },
          ),
        code,
      )
    for (const row of ['["meta",{"name":"a","value":null}]', '["meta",{"name":"a","colour":"blue"}]'])
      await expect(hub.restore(written(...lines, row), { actor: 'a test' })).rejects.toThrow()
    await hub.close()
    expect(await contentOf(place)).toEqual(before)
  })

  it('that was sealed with another master key is refused, and nothing changes', async () => {
    const path = await backUp(await withRings(kind))
    const { data, url } = await kind.options()
    const env = { KEYTURN_MASTER_KEY: generateSecret(), ...(url !== undefined && { DATABASE_URL: url }) }
    const stranger = await openOffline({ data, env, create: true })
    await expectError(() => stranger.restore(path, { actor: 'a test' }), 'ERR_HUB_MASTER_KEY')
    expect(await stranger.rings()).toEqual([])
    await stranger.close()

    // With the key of then as the one before, it is taken, and sealed anew.
    const both = await openOffline({ data, env: { ...env, KEYTURN_MASTER_KEY_PREVIOUS: masterKey } })
    await both.restore(path, { actor: 'a test' })
    await both.close()
    const again = await openOffline({ data, env })
    expect(await again.rings()).toEqual(names)
    await again.close()
  })
})
