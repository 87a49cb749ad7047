/** useLive: what changes in a ring is asked again at once. Server-sent events are hints; the poll of each query is the truth. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ringPath } from './queries.ts'

/** What a hint of the hub makes stale. */
const stale = {
  ring: ['view', 'fleet', 'audit', 'rotations'],
  fleet: ['view', 'fleet'],
  rotation: ['rotations', 'view'],
  counts: ['series', 'view'],
} as const

export type Connection = 'live' | 'connecting' | 'lost'

/** @returns whether hints come */
export function useLive(ring: string | undefined): Connection {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    if (ring === undefined) return
    let source: EventSource | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    const open = (): void => {
      source = new EventSource(`/v1${ringPath(ring)}/changes`)
      source.onopen = () => {
        setConnection('live')
        // Whatever was missed while there was no stream.
        void client.invalidateQueries({ queryKey: ['ring', ring] })
      }
      source.onerror = () => {
        setConnection('lost')
        // The browser gives up by itself after an answer that is no stream.
        if (source?.readyState !== EventSource.CLOSED) return
        void client.invalidateQueries({ queryKey: ['session'] })
        retry = setTimeout(open, 3_000)
      }
      for (const [hint, parts] of Object.entries(stale))
        source.addEventListener(hint, () => {
          for (const part of parts) void client.invalidateQueries({ queryKey: ['ring', ring, part] })
          if (hint === 'ring') void client.invalidateQueries({ queryKey: ['rings'] })
        })
    }
    open()
    return () => {
      clearTimeout(retry)
      source?.close()
      setConnection('connecting')
    }
  }, [ring, client])
  return connection
}
