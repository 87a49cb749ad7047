/** `npm run dev`: the service with the .env file of this folder, which it makes when there is no secret at all. */
import { generateSecret } from 'keyturn'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'

const file = fileURLToPath(new URL('../.env', import.meta.url))
const hasSource = ['KEYTURN_URL', 'KEYTURN_ENV_FILE', 'JWT_SECRET_KEY', 'JWT_SECRET_KEY_FILE'].some(
  name => process.env[name],
)

if (!hasSource) {
  if (!existsSync(file)) {
    const text = `# Made by npm run dev. For development only; never commit it.\nJWT_SECRET_KEY=${generateSecret()}\n`
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
    process.stderr.write('dev: made .env with a fresh JWT_SECRET_KEY\n')
  }
  process.env.KEYTURN_ENV_FILE = file
}

if (existsSync(file)) {
  // Secrets stay in the file: Keyturn reads and watches it there.
  for (const [name, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) {
    if (!/^(JWT_|KEYTURN_)/.test(name)) process.env[name] ??= value
  }
}

await import('./main.ts')
