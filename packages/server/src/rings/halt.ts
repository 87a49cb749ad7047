/** halt: stops changes of a ring that was set back. */
import type { Database } from '../database/open-database.ts'
import type { RingState } from './ring-rows.ts'

/**
 * Stops changes of a ring until a new epoch begins, if it is still behind what somebody has seen: a new epoch may have
 * begun meanwhile. Returns whether it has stopped them.
 */
export async function halt(
  { db }: Database,
  ring: string,
  seen: Pick<RingState, 'epoch' | 'generation'> & { readonly hash?: string },
  why: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('rings')
    .set({ halted: why })
    .where('name', '=', ring)
    .where('halted', 'is', null)
    .where(row =>
      row.or([
        row('epoch', '<', seen.epoch),
        row.and([row('epoch', '=', seen.epoch), row('generation', '<', seen.generation)]),
        ...(seen.hash === undefined
          ? []
          : [
              row.and([
                row('epoch', '=', seen.epoch),
                row('generation', '=', seen.generation),
                row('hash', '<>', seen.hash),
              ]),
            ]),
      ]),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
