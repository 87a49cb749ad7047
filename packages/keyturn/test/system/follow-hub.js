/** Starts a keyring on a hub, says so, and at the first line it reads has nothing more to do: it does not close the keyring. */
import { createKeyring } from 'keyturn'

const [KEYTURN_URL, KEYTURN_TOKEN_FILE, KEYTURN_RING] = process.argv.slice(2)
// Nothing but the requests of the keyring keeps this process alive until they are answered.
const keyring = await createKeyring({ env: { KEYTURN_URL, KEYTURN_TOKEN_FILE, KEYTURN_RING } })
console.log(`generation ${keyring.generation}`)
process.stdin.once('data', () => process.stdin.destroy())
