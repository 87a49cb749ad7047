/** Story: what has happened in a world before its screens are looked at. */
import type { World } from './world.ts'

export interface Story {
  /** Of a rotation that is over. */
  readonly rotation: string
  /** Of an emergency that is over. */
  readonly emergency: string
  /** Key that signs. */
  readonly kid: string
}

/** Markup: it must stay text wherever it is shown. */
export const reason = 'quarterly <img src="/planted.png" onerror="throw 1">'

const told = new WeakMap<World, Promise<Story>>()

/** Once for each world: a rotation, then an emergency. */
export function storyOf(world: World): Promise<Story> {
  const story = told.get(world) ?? tell(world)
  told.set(world, story)
  return story
}

async function tell(world: World): Promise<Story> {
  const { operator, viewer } = world.operators
  // In this world something may have been rotated before.
  const rotation = await operator.change(world.ring, '/rotations', { reason, force: true })
  const emergency = await operator.change(world.ring, '/emergency', {
    reason,
    cause: 'compromised',
    confirm: world.ring,
  })
  const path = `/v1/rings/${encodeURIComponent(world.ring)}`
  const { document } = await viewer.ask<{ document: { keys: { kid: string; state: string }[] } }>('GET', path)
  const kid = document.keys.find(({ state }) => state === 'active')?.kid ?? ''
  return { rotation, emergency, kid }
}
