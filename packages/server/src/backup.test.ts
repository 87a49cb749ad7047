/** Restores, rehearsed: between databases of every kind, over newer ones, and while changes go on. */
import { generateSecret } from 'keyturn'
import { emergency, importKey, initRing } from 'keyturn/rotation'
import { activeKey, defaultLimits, findKey } from 'keyturn/ring'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../keyturn/test/contract/contract-rings.ts'
import { expectError } from '../../keyturn/test/expect-error.ts'
import { leaseOf } from '../../keyturn/test/fleet-fixtures.ts'
import {
  backUp,
  bump,
  context,
  expectSoundTrail,
  grounds,
  names,
  production,
  reopen,
  restore,
  ringAt,
  site,
  withRings,
} from '../test/backup-site.ts'
import { inSqlite, onPostgres, opened } from '../test/fresh-database.ts'
import { embeddedPostgres } from '../test/postgres.ts'

const kinds = [inSqlite, onPostgres(await embeddedPostgres())].filter(({ isMissing }) => !isMissing)

describe.each(kinds)('a backup of $name', kind => {
  it.each(kinds)(
    'goes into an empty $name: every ring is there with its secrets, in a new epoch',
    async other => {
      const place = await withRings(kind)
      await place.hub.rings()
      const path = await backUp(place)
      const there = await site(other)
      const restored = await restore(there, path)
      expect(restored.map(({ ring }) => ring)).toEqual(names)
      for (const { ring, epoch, generation } of restored) {
        const [before, after] = [await ringAt(place, ring), await ringAt(there, ring)]
        expect([epoch, generation]).toEqual([1, before.document.generation + 1])
        expect(after.document).toMatchObject({ epoch, generation })
        expect(textsOf(after)).toEqual(textsOf(before))
        await expectSoundTrail(there, ring)
        await importKey(context(there, ring), { ...grounds, text: generateSecret() })
      }
    },
  )

  it('goes over a newer database: past everything that ring, trail and instances have seen', async () => {
    const place = await withRings(kind)
    const path = await backUp(place)
    for (let turn = 0; turn < 5; turn += 1) await bump(place)
    const newer = await ringAt(place)
    const trail = (await context(place).trail?.())?.entries ?? []
    const { epoch, generation } = newer.document
    const ahead = { ...leaseOf(newer, 'one', Date.now()), epoch: 3, generation: generation + 40 }
    await context(place).leases.put(ahead)

    const [restored] = await restore(place, path)
    expect(restored).toEqual({ ring: production, epoch: 4, generation: generation + 41 })
    expect(epoch).toBe(0)
    const entries = (await context(place).trail?.())?.entries ?? []
    // What happened after the backup did happen.
    expect(entries.slice(0, trail.length)).toStrictEqual(trail)
    expect(entries).toHaveLength(trail.length + 1)
    for (const ring of names) await expectSoundTrail(place, ring)

    // The same again, from the same file.
    const [again] = await restore(place, path)
    expect(again).toMatchObject({ epoch: 5 })
    expect(again?.generation).toBeGreaterThan(restored?.generation ?? Infinity)
    for (const ring of names) await expectSoundTrail(place, ring)
  })

  it('goes over a database that went on from an older one', async () => {
    const place = await withRings(kind)
    const older = await backUp(place)
    await bump(place)
    const newer = await backUp(place)
    await restore(place, older)
    await bump(place)
    const { generation } = (await ringAt(place)).document
    const [restored] = await restore(place, newer)
    expect(restored).toMatchObject({ epoch: 2 })
    expect(restored?.generation).toBeGreaterThan(generation)
    for (const ring of names) await expectSoundTrail(place, ring)
  })

  it('goes over a database with another history of the same ring', async () => {
    const path = await backUp(await withRings(kind))
    const other = await withRings(kind)
    for (let turn = 0; turn < 9; turn += 1) await bump(other)
    const { kid } = activeKey((await ringAt(other)).document)
    await emergency(context(other), { ...grounds, timeout: 0 })
    const { generation } = (await ringAt(other)).document
    const [restored] = await restore(other, path)
    expect(restored).toMatchObject({ epoch: 1, generation: generation + 1 })
    expect(findKey((await ringAt(other)).document, kid)?.state).toBe('compromised')
    for (const ring of names) await expectSoundTrail(other, ring)
  })

  it('revives no key that only the newer database knew to be compromised', async () => {
    const place = await withRings(kind)
    const leaked = await ringAt(place)
    const { kid } = activeKey(leaked.document)
    const text = leaked.secrets.get(kid)?.reveal() ?? ''
    const path = await backUp(place)
    const { compromised } = await emergency(context(place), { ...grounds, timeout: 0 })
    expect(compromised).toContain(kid)
    await restore(place, path)
    const { document, secrets } = await ringAt(place)
    for (const dead of compromised) {
      expect(findKey(document, dead)?.state).toBe('compromised')
      expect(secrets.has(dead)).toBe(false)
    }
    expect(secrets.has(activeKey(document).kid)).toBe(true)
    expect(document.cutoff).toBe(document.generation)
    await expectError(
      () => importKey(context(place), { ...grounds, text, force: true }),
      'ERR_RING_KEY_COMPROMISED',
    )
    // The other ring has lost nothing.
    const { cutoff, epoch } = (await ringAt(place, names[1])).document
    expect([epoch, cutoff]).toEqual([1, leaked.document.cutoff])
  })

  it('revives no key that was compromised before it was made, and none that is named by hand', async () => {
    const place = await withRings(kind)
    const { kid: first } = activeKey((await ringAt(place)).document)
    await emergency(context(place), { ...grounds, timeout: 0 })
    const { kid: second } = activeKey((await ringAt(place)).document)
    const path = await backUp(place)
    const there = await site(kind)
    await restore(there, path, [second, 'kt-that-nobody-has'])
    const { document, secrets } = await ringAt(there)
    for (const kid of [first, second]) {
      expect(findKey(document, kid)?.state).toBe('compromised')
      expect(secrets.has(kid)).toBe(false)
    }
    expect(secrets.size).toBe(1)
    await expectSoundTrail(there, production)
  })

  it('drops rings that it does not know, so that they can be made anew', async () => {
    const place = await withRings(kind)
    const path = await backUp(place)
    const ring = 'made/later'
    await initRing(context(place, ring), { ring, limits: defaultLimits, ...grounds })
    await restore(place, path)
    const reopened = await reopen(kind, place)
    expect(await reopened.hub.rings()).toEqual(names)
    await initRing(context(reopened, ring), { ring, limits: defaultLimits, ...grounds })
    await expectSoundTrail(reopened, ring)
  })

  it('brings back no login, no lease and no revoked token', async () => {
    const place = await withRings(kind)
    const { hub, options } = place
    const rows = [
      { id: 't1', revoked_at: null },
      { id: 't2', revoked_at: null },
    ].map(row => ({
      ...row,
      name: 'n',
      hash: `h${row.id}`,
      scopes: '[]',
      created_by: 'a',
      created_at: 1,
      expires_at: 2,
    }))
    await hub.close()
    const database = await opened(options)
    await database.db.insertInto('tokens').values(rows).execute()
    await database.close()
    const reopened = await site(kind, options)
    await context(reopened).leases.put(leaseOf(await ringAt(reopened), 'one', 1))
    const path = await backUp(reopened)
    await reopened.hub.close()
    const later = await opened(options)
    await later.db.updateTable('tokens').set({ revoked_at: 5 }).where('id', '=', 't2').execute()
    await later.db.updateTable('tokens').set({ name: 'renamed' }).execute()
    await later.close()
    const last = await site(kind, options)
    await restore(last, path)
    await last.hub.close()
    const { db } = await opened(options)
    expect(await db.selectFrom('leases').selectAll().execute()).toEqual([])
    const tokens = await db.selectFrom('tokens').select(['id', 'name', 'revoked_at']).orderBy('id').execute()
    expect(tokens).toEqual([
      { id: 't1', name: 'n', revoked_at: null },
      { id: 't2', name: 'n', revoked_at: 5 },
    ])
  })

  it('is of one moment, while changes go on', async () => {
    const place = await withRings(kind)
    // In SQLite one process works: the changes are its own.
    const writer = kind === inSqlite ? place : await site(kind, place.options)
    const done = new AbortController()
    const changes = names.map(async ring => {
      while (!done.signal.aborted) await bump(writer, ring)
    })
    const paths: string[] = []
    for (let turn = 0; turn < 6; turn += 1) paths.push(await backUp(place))
    done.abort()
    await Promise.all(changes)
    const generations: number[] = []
    for (const path of paths) {
      const there = await site(kind)
      const [restored] = await restore(there, path)
      generations.push(restored?.generation ?? 0)
      for (const ring of names) await expectSoundTrail(there, ring)
    }
    expect(generations).toEqual([...generations].sort((a, b) => a - b))
  })
})
