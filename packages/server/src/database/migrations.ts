/** The migrations, oldest first. One that was released is never changed. */
import { sql, type Kysely, type Migration } from 'kysely'

type Column = readonly [name: string, type: 'text' | 'bigint', constraint?: 'null']

/** SQLite cannot migrate in one transaction: one that a crash has cut short is done again, over what is there. */
async function table(
  db: Kysely<unknown>,
  name: string,
  columns: readonly Column[],
  key: readonly string[],
): Promise<void> {
  let builder = db.schema.createTable(name).ifNotExists()
  for (const [column, type, constraint] of columns)
    builder = builder.addColumn(column, type, each => (constraint === 'null' ? each : each.notNull()))
  await builder.addPrimaryKeyConstraint(`${name}_key`, key as never).execute()
}

const first: Migration = {
  up: async (db: Kysely<unknown>) => {
    await table(
      db,
      'rings',
      [
        ['name', 'text'],
        ['epoch', 'bigint'],
        ['generation', 'bigint'],
        ['hash', 'text'],
        ['document', 'text'],
        ['secrets', 'text'],
        ['halted', 'text', 'null'],
        ['changed_at', 'bigint'],
      ],
      ['name'],
    )
    await table(
      db,
      'audit',
      [
        ['ring', 'text'],
        ['epoch', 'bigint'],
        ['generation', 'bigint'],
        ['entry', 'text'],
        ['at', 'bigint'],
      ],
      ['ring', 'epoch', 'generation'],
    )
    await table(
      db,
      'leases',
      [
        ['ring', 'text'],
        ['instance', 'text'],
        ['lease', 'text'],
        ['revision', 'text'],
        ['seen_at', 'bigint'],
      ],
      ['ring', 'instance'],
    )
    await table(
      db,
      'rotations',
      [
        ['id', 'text'],
        ['ring', 'text'],
        ['state', 'text'],
        ['replica', 'text'],
        ['view', 'text'],
        ['started_at', 'bigint'],
      ],
      ['id'],
    )
    await sql`create index if not exists rotations_of_ring on rotations (ring, started_at)`.execute(db)
    await table(
      db,
      'replicas',
      [
        ['id', 'text'],
        ['process', 'text'],
        ['started_at', 'bigint'],
        ['seen_at', 'bigint'],
      ],
      ['id'],
    )
    await table(
      db,
      'operators',
      [
        ['name', 'text'],
        ['role', 'text'],
        ['password', 'text', 'null'],
        ['failures', 'bigint'],
        ['locked_until', 'bigint'],
        ['created_at', 'bigint'],
      ],
      ['name'],
    )
    await table(
      db,
      'sessions',
      [
        ['hash', 'text'],
        ['operator', 'text'],
        ['csrf', 'text'],
        ['created_at', 'bigint'],
        ['seen_at', 'bigint'],
        ['expires_at', 'bigint'],
      ],
      ['hash'],
    )
    await table(
      db,
      'links',
      [
        ['hash', 'text'],
        ['operator', 'text', 'null'],
        ['expires_at', 'bigint'],
      ],
      ['hash'],
    )
    await table(
      db,
      'tokens',
      [
        ['id', 'text'],
        ['name', 'text'],
        ['hash', 'text'],
        ['scopes', 'text'],
        ['created_by', 'text'],
        ['created_at', 'bigint'],
        ['expires_at', 'bigint'],
        ['revoked_at', 'bigint', 'null'],
      ],
      ['id'],
    )
    await table(
      db,
      'token_uses',
      [
        ['token', 'text'],
        ['address', 'text'],
        ['first_at', 'bigint'],
        ['last_at', 'bigint'],
      ],
      ['token', 'address'],
    )
    await table(
      db,
      'series',
      [
        ['ring', 'text'],
        ['minute', 'bigint'],
        ['kind', 'text'],
        ['label', 'text'],
        ['count', 'bigint'],
      ],
      ['ring', 'minute', 'kind', 'label'],
    )
    await table(
      db,
      'idempotency',
      [
        ['key', 'text'],
        ['request', 'text'],
        ['status', 'bigint', 'null'],
        ['body', 'text', 'null'],
        ['created_at', 'bigint'],
      ],
      ['key'],
    )
    await table(
      db,
      'events',
      [
        ['id', 'text'],
        ['at', 'bigint'],
        ['actor', 'text'],
        ['action', 'text'],
        ['detail', 'text'],
      ],
      ['id'],
    )
    await table(
      db,
      'meta',
      [
        ['name', 'text'],
        ['value', 'text'],
      ],
      ['name'],
    )
  },
}

/** Who answers a request with an Idempotency-Key, so that nobody waits for a replica that is gone. */
const idempotencyReplica: Migration = {
  up: async (db: Kysely<unknown>) => {
    const tables = await db.introspection.getTables()
    const columns = tables.find(({ name }) => name === 'idempotency')?.columns ?? []
    if (columns.some(({ name }) => name === 'replica')) return
    await db.schema
      .alterTable('idempotency')
      .addColumn('replica', 'text', each => each.notNull().defaultTo(''))
      .execute()
  },
}

/** What was decided of rotations that belong together. */
const rotationGroups: Migration = {
  up: (db: Kysely<unknown>) =>
    table(
      db,
      'rotation_groups',
      [
        ['id', 'text'],
        ['decision', 'text'],
        ['decided_at', 'bigint'],
      ],
      ['id'],
    ),
}

/** By name; names sort in the order in which they are applied. */
export const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-first': first,
  '2026-11-idempotency-replica': idempotencyReplica,
  '2026-11-rotation-groups': rotationGroups,
}
