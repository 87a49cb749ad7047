import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const fetchMock = vi.fn<typeof fetch>()
const assign = vi.fn()

const answerOnce = (body: string, init: ResponseInit = {}): void =>
  void fetchMock.mockResolvedValueOnce(new Response(body, init))

const headersSent = (): Headers => new Headers(fetchMock.mock.lastCall?.[1]?.headers)

/** The page's own listeners, by type. */
const listeners = new Map<string, () => void>()

beforeEach(() => {
  vi.stubGlobal('fetch', fetchMock)
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => listeners.set(type, listener))
  vi.stubGlobal('location', { pathname: '/rings/shop/test', search: '?range=15', assign })
  vi.useFakeTimers({ toFake: ['performance'] })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules()
  vi.resetAllMocks()
})

describe('what is sent to the hub', () => {
  it('keeps a session alive only when somebody has done something', async () => {
    const { get, post } = await import('./call.ts')
    const ask = async (question: () => Promise<unknown>): Promise<string | null> => {
      answerOnce('{}')
      await question()
      return headersSent().get('x-keyturn-idle')
    }
    expect(await ask(() => get('/session'))).toBeNull()
    vi.advanceTimersByTime(60_000)
    expect(await ask(() => get('/session'))).toBe('1')
    // The preview of a plan is asked for by the page itself, too.
    expect(await ask(() => post('/rings/shop%2Ftest/plans'))).toBe('1')
    // All that a screen reader sends.
    listeners.get('click')?.()
    expect(await ask(() => get('/session'))).toBeNull()
  })
})

describe('what the hub answers', () => {
  it('is no answer when it breaks off', async () => {
    const { get } = await import('./call.ts')
    answerOnce('{"ring":"sh')
    await expect(get('/rings/shop%2Ftest')).rejects.toMatchObject({ status: 0, code: 'ERR_NETWORK' })
    answerOnce('<html>', { status: 502 })
    await expect(get('/rings')).rejects.toMatchObject({ status: 502 })
    expect(assign).not.toHaveBeenCalled()
  })

  it('leads to the login when the session has ended, and back here', async () => {
    const { get, post } = await import('./call.ts')
    answerOnce('{"code":"ERR_AUTH_CREDENTIALS"}', { status: 401 })
    await expect(post('/password')).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIALS' })
    expect(assign).not.toHaveBeenCalled()
    answerOnce('{"code":"ERR_AUTH_REQUIRED"}', { status: 401 })
    await expect(get('/session')).rejects.toMatchObject({ status: 401 })
    expect(assign).toHaveBeenCalledWith('/login?returnTo=%2Frings%2Fshop%2Ftest%3Frange%3D15')
  })
})
