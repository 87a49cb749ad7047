#!/usr/bin/env node
// The committed door to the built command line: npm links no bin whose target is missing at install time.
import { existsSync } from 'node:fs'

const cli = new URL('../dist/cli.js', import.meta.url)
if (!existsSync(cli)) {
  process.stderr.write(
    'keyturn: error: the command line is not built yet\nkeyturn: hint: run npm run build\n',
  )
  process.exit(1)
}
await import(cli.href)
