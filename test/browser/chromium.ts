/** Chromium for the browser tests: that of npm, unpacked once, or the one that CHROMIUM_PATH names. */
import packed from '@sparticuz/chromium'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const given = process.env['CHROMIUM_PATH'] ?? ''
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
const { version } = JSON.parse(readFileSync(join(modules, '@sparticuz/chromium/package.json'), 'utf8')) as {
  version: string
}
const folder = join(modules, '.cache', `keyturn-chromium-${version}`)

/** The package's own arguments put all into one process, and switch web security off. */
export const launchOptions = {
  executablePath: given === '' ? join(folder, 'chromium') : given,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** For Playwright's global set-up: once, before any worker starts one. Workers inherit the environment. */
export async function prepareChromium(): Promise<void> {
  if (given !== '') return
  if (!existsSync(launchOptions.executablePath)) await unpack()
  if (missesLibraries())
    process.env['LD_LIBRARY_PATH'] = [join(folder, 'al2023/lib'), process.env['LD_LIBRARY_PATH']]
      .filter(Boolean)
      .join(':')
  if (!existsSync('/etc/fonts/fonts.conf')) process.env['FONTCONFIG_PATH'] = folder
}

/** Into a folder that gets its name when all is there: one who is killed, or a second one, leaves no half a browser. */
async function unpack(): Promise<void> {
  const part = `${folder}.${process.pid}`
  mkdirSync(part, { recursive: true })
  // The package looks at these when it is called. The second makes it add the libraries that a bare system misses.
  await withEnvironment({ TMPDIR: part, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }, () =>
    packed.executablePath(),
  )
  writeFileSync(join(part, 'fonts.conf'), fontsOf(join(folder, 'fonts')))
  try {
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (!existsSync(launchOptions.executablePath)) throw error
  }
}

async function withEnvironment(
  values: Readonly<Record<string, string>>,
  act: () => Promise<unknown>,
): Promise<void> {
  const before = Object.keys(values).map(name => [name, process.env[name]] as const)
  Object.assign(process.env, values)
  try {
    await act()
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

/** The configuration in the package names folders of another place. */
const fontsOf = (fonts: string): string =>
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir>${fonts}-cache</cachedir></fontconfig>
`

const missesLibraries = (): boolean =>
  spawnSync('ldd', [launchOptions.executablePath], { encoding: 'utf8' }).stdout.includes('not found')
