/** What the session needs of the browser: locks and messages between tabs, and the cookie that says that there is a session. */

/** Set and cleared by the backend together with the refresh cookie, which no script can see. */
export const mayBeSignedIn = (): boolean => /(^|; )immonow_session=1(;|$)/.test(document.cookie)

let last: Promise<unknown> = Promise.resolve()

/** One at a time over all tabs; where the browser has no locks (plain http), one at a time in this tab. */
export function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  const locks: LockManager | undefined = navigator.locks
  if (locks) return locks.request('immonow-session', work)
  const result = last.then(work)
  last = result.catch(() => undefined)
  return result
}

export type TabNews = 'signed-in' | 'signed-out'

/** Tells the other tabs, and calls `heard` with what they tell. */
export function tabNews(heard: (news: TabNews) => void): (news: TabNews) => void {
  const channel = new BroadcastChannel('immonow-session')
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'signed-in' || data === 'signed-out') heard(data)
  })
  return news => channel.postMessage(news)
}
