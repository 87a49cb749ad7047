/** Starts a keyring on a file, says `ready`, then answers each line it reads with the ring it holds, and says what it is told. */
import { createInterface } from 'node:readline'
import { createKeyring } from 'keyturn'

const log = ({ event, code }) => console.log(JSON.stringify({ event, code }))
try {
  const keyring = await createKeyring({ env: { KEYTURN_ENV_FILE: process.argv[2] }, log })
  const token = keyring.sign({ sub: 'user-1' }, { expiresIn: '15m' })
  console.log('ready')
  for await (const _ of createInterface({ input: process.stdin })) {
    const { payload } = await keyring.authenticate(token)
    console.log(JSON.stringify({ generation: keyring.generation, kid: keyring.activeKid, sub: payload.sub }))
  }
  await keyring.close()
} catch (error) {
  console.log(JSON.stringify({ code: error.code, name: error.name, message: error.message }))
  process.exitCode = 1
}
