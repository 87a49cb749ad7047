/** failpoint: where a test build kills its own process. Compiled to nothing everywhere else. */

declare const KEYTURN_FAILPOINTS: boolean | undefined

/** In a test build, kills this process with SIGKILL when KEYTURN_FAILPOINT names the point (`name` or `name:hit`). */
export function failpoint(name: string): void {
  if (typeof KEYTURN_FAILPOINTS === 'undefined' || !KEYTURN_FAILPOINTS) return
  const [wanted, hit = '1'] = (process.env.KEYTURN_FAILPOINT ?? '').split(':')
  if (wanted !== name) return
  seen += 1
  if (seen === Number(hit)) process.kill(process.pid, 'SIGKILL')
}

let seen = 0
