import { describe, expect, it } from 'vitest'
import { Session } from './session.ts'
import type { RefreshResult, SessionGate } from './session-gate.ts'

const user = { id: 'u1', email: 'erika@example.org', name: 'Erika' }

interface World {
  readonly session: Session
  readonly calls: string[]
  readonly timers: { milliseconds: number; work: () => void; cancelled: boolean }[]
  readonly told: string[]
  now: number
  hasCookie: boolean
}

function world(...results: RefreshResult[]): World {
  const calls: string[] = []
  const next = async (name: string): Promise<RefreshResult> => {
    calls.push(name)
    await Promise.resolve()
    const result = results.shift()
    if (!result) throw new Error('one refresh too many')
    return result
  }
  const gate: SessionGate = {
    mayBeSignedIn: () => state.hasCookie,
    refresh: () => next('refresh'),
    look: () => next('look'),
    signIn: async () => ({ accessToken: 'from-login', expiresIn: 900, user }),
    signOut: async () => void calls.push('logout'),
  }
  const state: World = { session: undefined as never, calls, timers: [], told: [], now: 0, hasCookie: true }
  const session = new Session({
    gate,
    now: () => state.now,
    tell: news => void state.told.push(news),
    later(milliseconds, work) {
      const timer = { milliseconds, work, cancelled: false }
      state.timers.push(timer)
      return () => {
        timer.cancelled = true
      }
    },
  })
  return Object.assign(state, { session })
}

const signedIn = (accessToken: string, expiresIn = 900): RefreshResult => ({
  kind: 'signed-in',
  signedIn: { accessToken, expiresIn, user },
})

describe('Session', () => {
  it('is a guest without a request when there is no cookie', async () => {
    const state = world()
    state.hasCookie = false
    expect(state.session.state).toEqual({ status: 'starting' })
    await state.session.start()
    expect([state.session.state, state.calls]).toEqual([{ status: 'guest' }, []])
  })

  it('refreshes once for all who ask at the same time', async () => {
    const { session, calls } = world(signedIn('a'))
    const tokens = await Promise.all([
      session.token(),
      session.token(),
      session.start().then(() => session.token()),
    ])
    expect(tokens).toEqual(['a', 'a', 'a'])
    expect(calls).toEqual(['refresh'])
  })

  it('renews before the token ends, and when a tab wakes up after it', async () => {
    const state = world(signedIn('a'), signedIn('b'), signedIn('c'))
    await state.session.start()
    expect(state.timers[0]?.milliseconds).toBeGreaterThan(800_000)
    expect(state.timers[0]?.milliseconds).toBeLessThanOrEqual(840_000)
    state.timers[0]?.work()
    await expect.poll(() => state.session.state).toMatchObject({ accessToken: 'b' })
    await state.session.wake()
    expect(state.calls).toHaveLength(2)
    state.now += 900_000
    await state.session.wake()
    expect(state.session.state).toMatchObject({ accessToken: 'c' })
  })

  it('renews a refused token, unless somebody did already', async () => {
    const { session, calls } = world(signedIn('a'), signedIn('b'))
    await session.start()
    await Promise.all([session.renew('a'), session.renew('a')])
    await session.renew('a')
    expect(await session.token()).toBe('b')
    expect(calls).toHaveLength(2)
  })

  it('ends only when the backend says so, with its reason', async () => {
    for (const reason of ['expired', 'security'] as const) {
      const { session, timers } = world(signedIn('a'), { kind: 'ended', reason })
      await session.start()
      await session.refresh()
      expect(session.state).toEqual({ status: 'ended', reason })
      expect(await session.token()).toBeUndefined()
      expect(timers.every(({ cancelled }) => cancelled)).toBe(true)
    }
  })

  it('takes an outage for nothing but an outage', async () => {
    const state = world({ kind: 'unreachable' }, signedIn('a'), { kind: 'unreachable' }, signedIn('b'))
    await state.session.start()
    expect(state.session.state).toEqual({ status: 'starting' })
    state.timers[0]?.work()
    await expect.poll(() => state.session.state.status).toBe('signed-in')
    await state.session.refresh()
    expect(state.session.state).toMatchObject({ status: 'signed-in', accessToken: 'a' })
    expect(state.timers.at(-1)).toMatchObject({ milliseconds: 10_000, cancelled: false })
  })

  it('gives out no token that has ended while the backend is away', async () => {
    const state = world(signedIn('a', 10), { kind: 'unreachable' })
    await state.session.start()
    state.now += 10_000
    await expect(state.session.token()).rejects.toMatchObject({ code: 'ERR_UNREACHABLE' })
    expect(state.session.state.status).toBe('signed-in')
  })

  it('comes back by itself when the login is good again', async () => {
    const ended: RefreshResult = { kind: 'ended', reason: 'expired' }
    const state = world(ended, ended, { kind: 'unreachable' }, signedIn('back'))
    await state.session.start()
    for (let look = 0; look < 2; look++) {
      await state.session.lookAgain()
      expect(state.session.state).toEqual({ status: 'ended', reason: 'expired' })
    }
    await state.session.lookAgain()
    expect(await state.session.token()).toBe('back')
    await state.session.lookAgain()
    state.hasCookie = false
    expect(state.calls).toEqual(['refresh', 'look', 'look', 'look'])
  })

  it('tells a cookie that is gone from a guest', async () => {
    const was = world(signedIn('a'), { kind: 'nobody' })
    await was.session.start()
    await was.session.refresh()
    expect(was.session.state).toEqual({ status: 'ended', reason: 'expired' })
    const never = world({ kind: 'nobody' })
    await never.session.start()
    expect(never.session.state).toEqual({ status: 'guest' })
  })

  it('tells the other tabs of a login and a logout, and listens to them', async () => {
    const { session, told, calls } = world(signedIn('theirs'))
    await session.signIn({ email: 'e', password: 'p' })
    expect(await session.token()).toBe('from-login')
    await session.signOut()
    expect([told, session.state]).toEqual([['signed-in', 'signed-out'], { status: 'guest' }])
    await session.heard('signed-in')
    expect(await session.token()).toBe('theirs')
    await session.heard('signed-out')
    expect([session.state, calls]).toEqual([{ status: 'guest' }, ['logout', 'refresh']])
  })
})
