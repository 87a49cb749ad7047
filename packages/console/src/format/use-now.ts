/** useNow: the clock of the hub, as this page counts it on. */
import { useEffect, useState } from 'react'

/** Milliseconds that the hub's clock is ahead of this browser's. */
let offset = 0

/** @param now the hub's clock, epoch milliseconds, as an answer says it */
export const noteHubTime = (now: number): void => void (offset = now - Date.now())

export const hubNow = (): number => Date.now() + offset

/** Epoch milliseconds by the hub's clock, renewed each `every` milliseconds. */
export function useNow(every = 1_000): number {
  const [now, setNow] = useState(hubNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(hubNow()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
