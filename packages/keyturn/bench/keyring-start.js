/** How long a keyring from an environment takes to start. */
// @ts-check
import { createKeyring, generateSecret } from '../dist/index.js'
import { percentile } from './percentile.js'

export async function keyringStart() {
  const rounds = 300
  const env = { JWT_SECRET_KEY: generateSecret() }
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint()
    const keyring = await createKeyring({ env, log: () => undefined })
    times.push(Number(process.hrtime.bigint() - start) / 1e6)
    await keyring.close()
  }
  console.log(
    `  createKeyring()          p50 ${percentile(times, 0.5).toFixed(2)} ms   p99 ${percentile(times, 0.99).toFixed(2)} ms   of ${rounds}`,
  )
}
