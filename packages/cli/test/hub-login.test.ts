import { chmodSync, readFileSync, statSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { documentOf, type CliResult } from '../../../test/support/cli.ts'
import { operator, startFreshHub, startHub, type RunningHub } from './running-hub.ts'
import { bin } from './door.ts'

async function started<Hub extends RunningHub>(hub: Promise<Hub>): Promise<Hub> {
  const running = await hub
  onTestFinished(() => running.stop())
  return running
}

/** Without a hub in the environment: only the login counts. */
const alone = { KEYTURN_URL: '', KEYTURN_TOKEN: '' }

const credentialsOf = ({ folder }: RunningHub): string =>
  join(folder, 'config', 'keyturn', 'credentials.json')

describe('keyturn login', () => {
  it('keeps a token from standard input in a 0600 file, for the commands after it', async () => {
    const hub = await started(startHub())
    const run = (args: readonly string[], input = ''): Promise<CliResult> =>
      hub.run(args, { env: alone, input })
    expect(await run(['whoami'])).toMatchObject({ code: 2 })
    expect(await run(['login', hub.url])).toMatchObject({ code: 2 })
    expect(await run(['login', hub.url, '--token-stdin'], 'kt_wrong')).toMatchObject({ code: 4 })
    const done = await run(['login', hub.url, '--token-stdin', '--json'], `${hub.admin}\n`)
    expect(documentOf(done), done.stderr).toMatchObject({ schema: 'keyturn/login/v1', hub: hub.url })
    expect(done.stdout + done.stderr).not.toContain(hub.admin)
    expect(statSync(credentialsOf(hub)).mode & 0o777).toBe(0o600)
    expect(statSync(join(credentialsOf(hub), '..')).mode & 0o777).toBe(0o700)
    expect(documentOf(await run(['whoami', '--json']))).toMatchObject({ from: 'login', hub: hub.url })
    expect(await run(['ring', 'create', 'immonow/production'])).toMatchObject({ code: 0 })
    const status = await run(['status'])
    expect(status.stdout, status.stderr).toContain('immonow/production')
    expect(status.stderr).toContain(`the only ring at ${hub.url}`)
    chmodSync(credentialsOf(hub), 0o644)
    const refused = await run(['status'])
    expect(refused).toMatchObject({ code: 6 })
    expect(refused.stderr).toContain('chmod 600')
  })

  it('shows a token of KEYTURN_URL to no other hub', async () => {
    const hub = await started(startHub())
    const other = { KEYTURN_URL: 'https://keys.example.com' }
    expect(await hub.run(['status', '--hub', hub.url], { env: other })).toMatchObject({ code: 4 })
  })

  it('asks for the password of the first operator, and does not echo it', async ({ skip }) => {
    const hub = await started(startFreshHub())
    const { name, password } = operator
    const done = await onTerminal(hub, ['login', hub.setupLink], [name, password, password])
    if (done === undefined) return skip('no script(1) here')
    expect(done.shown).toMatch(/lena\S* \(admin\) is logged in/)
    expect(done.shown).not.toContain(password)
    expect(await hub.run(['ring', 'list'], { env: alone })).toMatchObject({ code: 0 })
    const again = await onTerminal(hub, ['login', hub.url], [name, 'not the password'])
    expect(again?.shown).toContain('ERR_AUTH_CREDENTIALS')
    // The link is used up.
    const used = await onTerminal(hub, ['login', hub.setupLink], ['eve', password, password])
    expect(used?.shown).toContain('ERR_AUTH_SETUP_LINK')
  })
})

describe('keyturn logout', () => {
  it('revokes the token, and forgets it', async () => {
    const hub = await started(startHub())
    const token = await hub.tokenFor('read')
    await hub.run(['login', hub.url, '--token-stdin'], { env: alone, input: token })
    const done = await hub.run(['logout', '--json'], { env: alone })
    expect(documentOf(done), done.stderr).toMatchObject({ revoked: true })
    expect(readFileSync(credentialsOf(hub), 'utf8')).not.toContain(token)
    expect(await hub.run(['whoami'], { env: { KEYTURN_TOKEN: token } })).toMatchObject({ code: 4 })
    expect((await hub.run(['logout'], { env: alone })).stdout).toContain('nobody is logged in')
  })

  it('forgets it also when the hub is away, and says that it still works', async () => {
    const hub = await started(startHub())
    const token = await hub.tokenFor('read')
    await hub.run(['login', hub.url, '--token-stdin'], { env: alone, input: token })
    await hub.kill()
    const done = await hub.run(['logout'], { env: alone })
    expect(done).toMatchObject({ code: 0 })
    expect(done.stdout).toMatch(/works until \d{4}-/)
    expect(done.stderr).toContain('could not be revoked')
    expect(readFileSync(credentialsOf(hub), 'utf8')).not.toContain(token)
  })
})

/** Runs a command on a terminal of its own and answers its questions. Undefined without script(1). */
function onTerminal(
  hub: RunningHub,
  args: readonly string[],
  answers: readonly string[],
): Promise<{ shown: string } | undefined> {
  const command = [process.execPath, bin, ...args].map(word => `'${word}'`).join(' ')
  const terminal = 'script'
  const child = spawn(terminal, ['-qec', command, '/dev/null'], {
    cwd: hub.folder,
    env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: join(hub.folder, 'config'), SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const left = [...answers]
  let shown = ''
  let asked = ''
  child.stdin.on('error', () => undefined)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    asked += text
    // readline moves the cursor behind its question.
    if (!/: $/.test(asked.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, '')) || left.length === 0) return
    asked = ''
    child.stdin.write(`${left.shift()}\r`)
  })
  return new Promise(resolve => {
    child.on('error', () => resolve(undefined))
    child.on('close', () => resolve({ shown }))
  })
}
