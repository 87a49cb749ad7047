/** useNow, hubNow: the clock of the hub, as this page counts it on. */
import { useEffect, useState } from 'react'

/** Milliseconds that the hub's clock is ahead of this browser's; undefined until an answer has said it. */
let offset: number | undefined

/** @param now the hub's clock, epoch milliseconds, as an answer says it */
export const noteHubTime = (now: number): void => void (offset = now - Date.now())

/**
 * The header of an answer, for screens that ask for nothing that says the time exactly: it knows whole seconds only.
 * @param date as HTTP writes it
 */
export function noteHubDate(date: string | null): void {
  const now = Date.parse(date ?? '')
  if (offset === undefined && Number.isFinite(now)) noteHubTime(now)
}

export const hubNow = (): number => Date.now() + (offset ?? 0)

/** Epoch milliseconds by the hub's clock, renewed each `every` milliseconds. */
export function useNow(every = 1_000): number {
  const [now, setNow] = useState(hubNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(hubNow()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
