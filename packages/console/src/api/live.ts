/** useLive: what changes in a ring is asked again at once. Server-sent events are hints; the poll of each query is the truth. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { oneAtATime } from './one-at-a-time.ts'
import { ringPath } from './queries.ts'

/** What a hint of the hub makes stale. Counts change with every heartbeat of every instance: the view is left to its poll. */
const stale = {
  ring: ['view', 'fleet', 'audit', 'rotations'],
  fleet: ['view', 'fleet'],
  rotation: ['rotations', 'view'],
  counts: ['series'],
} as const

const parts = [...new Set(Object.values(stale).flat())]

export type Connection = 'live' | 'connecting' | 'lost'

/** @returns whether hints come */
export function useLive(ring: string | undefined): Connection {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    if (ring === undefined) return
    let source: EventSource | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    // A hint each second must not break off an answer that takes longer than that: it would never come.
    const again = oneAtATime(part => client.invalidateQueries({ queryKey: ['ring', ring, part] }))
    const open = (): void => {
      source = new EventSource(`/v1${ringPath(ring)}/changes`)
      source.onopen = () => {
        setConnection('live')
        // Whatever was missed while there was no stream.
        for (const part of parts) again(part)
      }
      source.onerror = () => {
        setConnection('lost')
        // The browser gives up by itself after an answer that is no stream.
        if (source?.readyState !== EventSource.CLOSED) return
        void client.invalidateQueries({ queryKey: ['session'] })
        retry = setTimeout(open, 3_000)
      }
      for (const [hint, told] of Object.entries(stale))
        source.addEventListener(hint, () => {
          for (const part of told) again(part)
          if (hint === 'ring') void client.invalidateQueries({ queryKey: ['rings'] })
        })
    }
    const shut = (): void => {
      clearTimeout(retry)
      source?.close()
    }
    // Browsers have six connections to a host: streams of tabs that nobody sees would leave none to ask with.
    const follow = (): void => {
      shut()
      if (!document.hidden) open()
    }
    document.addEventListener('visibilitychange', follow)
    follow()
    return () => {
      document.removeEventListener('visibilitychange', follow)
      shut()
      setConnection('connecting')
    }
  }, [ring, client])
  return connection
}
