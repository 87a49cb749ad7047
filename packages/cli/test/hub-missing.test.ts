import { cpSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { makeFolder } from './folder.ts'

const library = fileURLToPath(new URL('../../keyturn/', import.meta.url))

it('keyturn serve names the package to install where the hub is not installed', () => {
  // As npm puts it: without the packages around it.
  const folder = makeFolder()
  for (const part of ['package.json', 'bin', 'dist/cli.js', 'dist/cli'])
    cpSync(join(library, part), join(folder.path, part), { recursive: true })
  const { status, stderr } = spawnSync(process.execPath, [join(folder.path, 'bin/keyturn.js'), 'serve'], {
    encoding: 'utf8',
    cwd: folder.path,
  })
  expect(stderr).toContain('ERR_HUB_NOT_INSTALLED')
  expect(stderr).toContain('npm install @keyturn/server')
  expect(status).toBe(1)
})
