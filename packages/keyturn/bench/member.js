/** One instance in a process of its own: tells its parent when another key is in use. */
// @ts-check
import { createKeyring } from '../dist/index.js'
import { envFile } from '../dist/stores/env-file.js'

const keyring = await createKeyring({ source: envFile(process.argv[2] ?? ''), log: () => undefined })
keyring.on('rotated', ({ kid }) => {
  // One clock for all processes of a machine.
  process.send?.({ kid, at: String(process.hrtime.bigint()) })
})
process.send?.({ kid: keyring.activeKid, at: '0' })
process.on('disconnect', () => void keyring.close())
