/** SessionGuide: goes to the login page when the session ended, and back when there is one. */
import { useLocation, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { destination } from './destination.ts'
import { useSession } from './use-session.ts'

/** Says, for the life of a tab, that a signed-in reader was here. */
const mark = 'immonow_was_signed_in'

export function SessionGuide(): null {
  const state = useSession()
  const router = useRouter()
  const { pathname, href, search } = useLocation()
  const { returnTo } = search as { returnTo?: string }

  useEffect(() => {
    const to = destination(state, { pathname, href }, returnTo, read() !== null)
    if (state.status === 'signed-in') write('yes')
    // Told once: a reader who then prefers to look around as a guest may do so.
    else if (state.status === 'guest' || to !== undefined) write(null)
    if (to !== undefined) router.history.replace(to)
  }, [state, pathname, href, returnTo, router])
  return null
}

function read(): string | null {
  try {
    return sessionStorage.getItem(mark)
  } catch {
    return null
  }
}

function write(value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(mark)
    else sessionStorage.setItem(mark, value)
  } catch {
    // Storage may be forbidden. Then every tab counts as new.
  }
}
