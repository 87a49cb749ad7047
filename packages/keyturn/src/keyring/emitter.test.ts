/** Listeners of a keyring. */
import { expect, it } from 'vitest'
import { Emitter } from './events.ts'

const rotated = { generation: 2, kid: 'b', previous: 'a' }

it('tells every listener of an event, in order, and none of another', () => {
  const emitter = new Emitter()
  const told: unknown[] = []
  emitter.on('rotated', event => told.push(['first', event]))
  emitter.on('rotated', event => told.push(['second', event]))
  emitter.on('stale', event => told.push(event))
  emitter.emit('rotated', rotated)
  expect(told).toEqual([
    ['first', rotated],
    ['second', rotated],
  ])
})

it('goes on when a listener throws', () => {
  const emitter = new Emitter()
  const told: unknown[] = []
  emitter.on('rotated', () => {
    throw new Error('their own business')
  })
  emitter.on('rotated', event => told.push(event))
  emitter.emit('rotated', rotated)
  expect(told).toEqual([rotated])
})

it('stops telling who does not want to listen any more', () => {
  const emitter = new Emitter()
  const told: unknown[] = []
  const stop = emitter.on('rotated', event => told.push(event))
  stop()
  stop()
  emitter.emit('rotated', rotated)
  expect(told).toEqual([])
})
