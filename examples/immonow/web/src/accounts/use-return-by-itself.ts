/** useReturnByItself: while the login page says that a session ended, looks whether it is back, as after a rollback. */
import { useEffect } from 'react'
import { session } from '../app/site.ts'

const pause = 4_000

/** SessionGuide leaves the login page when it is. */
export function useReturnByItself(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return
    const look = (): void => {
      if (document.visibilityState === 'visible') void session.lookAgain()
    }
    look()
    const timer = setInterval(look, pause)
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [isOn])
}
