/** Staleness: an instance that cannot know answers 503, and one that stood still reads before it decides. */
import { describe, expect, it } from 'vitest'
import { grounds } from '../../test/fleet-fixtures.ts'
import { keyringBench } from '../../test/keyring-fixtures.ts'
import { freshRing, limits } from '../../test/ring-fixtures.ts'
import { bench } from '../../test/fleet-fixtures.ts'
import { emergency } from '../rotation/emergency.ts'

const claims = { sub: 'anna' }
const life = { expiresIn: limits.maxTokenLife }
/** Milliseconds. It stops a little earlier than maxStale: its clocks may be slow. */
const stops = Math.floor((limits.maxStale * 1000) / 1.02)
const stale = { name: 'TokenError', code: 'ERR_RING_STALE', status: 503, retryAfter: 2 }

describe('an instance whose store does not answer', () => {
  it('signs and verifies up to a fiftieth before maxStale, and neither from then on', async () => {
    const { keyring, clock, tampered } = await keyringBench()
    tampered.isDown = true
    clock.advance(stops - 1)
    const token = keyring.sign(claims, life)
    expect((await keyring.authenticate(token)).payload).toMatchObject(claims)
    expect(keyring.state).toBe('fresh')
    clock.advance(1)
    expect(keyring.state).toBe('stale')
    expect(() => keyring.sign(claims, life)).toThrow(expect.objectContaining(stale))
    await expect(keyring.authenticate(token)).rejects.toMatchObject(stale)
    expect(() => keyring.verify(token)).toThrow(expect.objectContaining({ status: 503 }))
  })

  it('says once that it is stale, and is fresh again with the first answer', async () => {
    const { keyring, clock, tampered, events } = await keyringBench()
    tampered.isDown = true
    clock.advance(limits.maxStale * 1000 + 1_000)
    expect([keyring.state, keyring.state]).toEqual(['stale', 'stale'])
    expect(events).toEqual([['stale', { ageSeconds: limits.maxStale + 1 }]])
    tampered.isDown = false
    await keyring.fresh()
    expect(keyring.state).toBe('fresh')
    tampered.isDown = true
    clock.advance(limits.maxStale * 1000 + 1)
    expect([keyring.state, events.length]).toEqual(['stale', 2])
  })

  it('counts the time that the machine slept', async () => {
    const { keyring, clock, tampered } = await keyringBench()
    tampered.isDown = true
    clock.shiftWall(limits.maxStale * 1000 + 1)
    expect(() => keyring.sign(claims, life)).toThrow(expect.objectContaining(stale))
  })

  it('does not gain time when somebody sets the wall clock back', async () => {
    const { keyring, clock, tampered } = await keyringBench()
    tampered.isDown = true
    clock.shiftWall(-3_600_000)
    clock.advance(limits.maxStale * 1000 + 1)
    expect(keyring.state).toBe('stale')
  })

  it('is not kept alive by a store that was set back', async () => {
    const { keyring, clock, tampered, live } = await keyringBench()
    tampered.change = ring => ({ ...ring, document: { ...ring.document, generation: 0 } })
    clock.advance(limits.maxStale * 1000 + 1)
    await live.reload()
    expect(keyring.state).toBe('stale')
  })
})

describe('an instance that stood still', () => {
  it('reads before it accepts a token whose key was compromised meanwhile', async () => {
    const { keyring, clock, context, tampered } = await keyringBench()
    const token = keyring.sign(claims, life)
    await emergency(context, { ...grounds, timeout: 0 })
    clock.advance(limits.lease * 1000 + 1)
    await expect(keyring.authenticate(token)).rejects.toMatchObject({
      code: 'ERR_KEY_COMPROMISED',
      status: 401,
    })
    expect(tampered.reads).toBe(1)
  })

  it('answers 503 where it cannot wait for the read, and knows more the next time', async () => {
    const { keyring, clock, context, live } = await keyringBench()
    const token = keyring.sign(claims, life)
    await emergency(context, { ...grounds, timeout: 0 })
    clock.advance(limits.lease * 1000 + 1)
    expect(() => keyring.verify(token)).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_UNKNOWN', status: 503, retryAfter: 1 }),
    )
    await live.reload()
    expect(() => keyring.verify(token)).toThrow(expect.objectContaining({ code: 'ERR_KEY_COMPROMISED' }))
  })

  it('does not take the answer of a read that was sent before it stood still', async () => {
    const { keyring, clock, context, tampered, live } = await keyringBench()
    const token = keyring.sign(claims, life)
    tampered.hold()
    void live.reload()
    await emergency(context, { ...grounds, timeout: 0 })
    clock.advance(limits.lease * 1000 + 1)
    const answer = keyring.authenticate(token)
    tampered.release()
    await expect(answer).rejects.toMatchObject({ code: 'ERR_KEY_COMPROMISED' })
  })

  it('lets nobody wait for a store that hangs, and answers 503 until it is read', async () => {
    const { keyring, clock, tampered, live } = await keyringBench()
    const token = keyring.sign(claims, life)
    clock.advance(limits.lease * 1000 + 1)
    tampered.hold()
    const answer = expect(keyring.authenticate(token)).rejects.toMatchObject({
      code: 'ERR_KEY_UNKNOWN',
      status: 503,
    })
    await clock.sleep(5_000)
    await answer
    tampered.release()
    await live.reload()
    expect((await keyring.authenticate(token)).payload).toMatchObject(claims)
  })

  it('is not one whose store hangs: that one decides up to maxStale, and says then that it is stale', async () => {
    const { keyring, clock, tampered, live } = await keyringBench()
    tampered.hold()
    void live.reload()
    const token = keyring.sign(claims, life)
    for (let second = 1; second * 1_000 < stops; second += 1) {
      await clock.sleep(1_000)
      expect((await keyring.authenticate(token)).payload).toMatchObject(claims)
    }
    await clock.sleep(1_000)
    await expect(keyring.authenticate(token)).rejects.toMatchObject(stale)
  })

  it('does not read again while the last read is young', async () => {
    const { keyring, clock, tampered } = await keyringBench()
    const token = keyring.sign(claims, life)
    clock.advance(4_999)
    await keyring.authenticate(token)
    expect(tampered.reads).toBe(0)
    clock.advance(1)
    await keyring.authenticate(token)
    expect(tampered.reads).toBe(1)
  })

  it('reads earlier where maxStale is short', async () => {
    const ring = freshRing()
    const short = { ...ring, document: { ...ring.document, limits: { ...limits, maxStale: 4 } } }
    const { keyring, clock, tampered } = await keyringBench({ made: bench({ ring: short }) })
    clock.advance(2_000)
    await keyring.fresh()
    expect(tampered.reads).toBe(1)
  })
})
