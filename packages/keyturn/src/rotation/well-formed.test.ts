/** Words that are no text are refused before anything is written. */
import { expect, it } from 'vitest'
import { benchWith } from '../../test/fleet-fixtures.ts'
import { generateSecret } from '../secret/generate.ts'
import { advance } from '../ring/advance.ts'
import { change } from './change.ts'
import type { RotationContext } from './context.ts'
import { importKey } from './key-verbs.ts'

const half = 'half a \ud83d key'
const whole = 'a whole \u{1f511} key'

const act = (context: RotationContext, deed: { action?: string; reason?: string }): Promise<unknown> =>
  change(context, {
    deed: { action: 'test', reason: 'a test', ...deed },
    apply: before => advance(before, {}),
  })

it.each<readonly [string, (context: RotationContext, text: string) => Promise<unknown>]>([
  ['reason', (context, reason) => act(context, { reason })],
  ['action', (context, instance) => act(context, { action: `fleet.forget:${instance}` })],
  ['actor', (context, actor) => act({ ...context, actor }, {})],
  ['aliases', (on, alias) => importKey(on, { reason: 'a test', text: generateSecret(), aliases: [alias] })],
])('half a surrogate pair is refused as %s, by name; a whole one is text', async (field, made) => {
  const { context, document } = await benchWith('one')
  await expect(made(context, half)).rejects.toMatchObject({
    name: 'RingError',
    code: 'ERR_REQUEST_INVALID',
    message: expect.stringContaining(field),
  })
  expect((await document()).generation).toBe(1)
  await made(context, whole)
  expect((await document()).generation).toBe(2)
})
