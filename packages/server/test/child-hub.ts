/** childHub: a hub in a process of its own, from what was built. It is killed when the test ends, if not before. */
import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { bearer, HubClient } from './running-hub.ts'

/** @param env of the process: names the database, if not a file in the folder */
export async function childHub(data: string, ring: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [new URL('serve-hub.js', import.meta.url).pathname, data, ring], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  })
  const gone = new Promise(resolve => child.once('exit', resolve))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  onTestFinished(kill)
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString()
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', code => reject(new Error(`the hub ended with ${code}: was npm run build run?`)))
  })
  const { url, admin, instance } = JSON.parse(line) as { url: string; admin: string; instance: string }
  const client = new HubClient(url)
  onTestFinished(() => client.hangUp())
  return { client, kill, gone, admin: bearer(admin), instance: bearer(instance) }
}
