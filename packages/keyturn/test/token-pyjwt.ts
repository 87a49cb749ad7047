/** PyJWT as a peer: one Python process that signs and verifies, line by line. */
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Peer } from './token-peers.ts'
import type { ClaimSet } from './token-claim-sets.ts'

const python = '/usr/bin/python3'
const script = fileURLToPath(new URL('token-pyjwt.py', import.meta.url))

/** Why PyJWT cannot be asked on this machine; undefined if it can. */
export function whyNoPyjwt(): string | undefined {
  const { status, stderr, error } = spawnSync(python, ['-c', 'import jwt; jwt.encode'], { encoding: 'utf8' })
  if (status === 0) return undefined
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `${python} ended with ${status}`
}

interface Answer {
  readonly error?: string
  readonly token?: string
  readonly claims?: unknown
  readonly kid?: string | null
}

/** Starts the process. It ends when it is told. */
export function startPyjwt(): Peer & { stop(): void } {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: ((answer: Answer) => void)[] = []
  let end: Answer | undefined
  createInterface({ input: child.stdout }).on('line', line => waiting.shift()?.(JSON.parse(line) as Answer))
  child.stdin.on('error', () => undefined)
  child.once('exit', code => {
    end = { error: `${python} ended with ${code}` }
    for (const take of waiting.splice(0)) take(end)
  })

  async function ask({ claims, alg, secret, kid }: ClaimSet, token?: string): Promise<Answer> {
    const hex = Buffer.from(secret as string).toString('hex')
    const question = JSON.stringify({
      claims,
      alg,
      secret: hex,
      text: typeof secret === 'string',
      kid,
      token,
    })
    const answer = await new Promise<Answer>(resolve => {
      if (end) return resolve(end)
      waiting.push(resolve)
      child.stdin.write(`${question}\n`)
    })
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }

  return {
    name: 'PyJWT',
    writable: set => set,
    sign: async set => (await ask(set)).token ?? '',
    async verify(token, set) {
      const { claims, kid } = await ask(set, token)
      return { claims, kid: kid ?? undefined }
    },
    stop: () => void child.stdin.end(),
  }
}
