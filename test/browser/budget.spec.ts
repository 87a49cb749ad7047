/** What the first load of a page costs, and that it comes from nowhere else. */
import type { Page } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures.ts'

const kilobyte = 1000

/** Every script that the page loads until it is quiet, compressed as a server would. Bytes. */
async function scriptsOf(page: Page, address: string, ready: string): Promise<number> {
  const sizes: Promise<number>[] = []
  page.on('response', response => {
    if (response.request().resourceType() === 'script')
      sizes.push(response.body().then(body => gzipSync(body).length))
  })
  await page.goto(address)
  await page.locator(ready).first().waitFor()
  // Screens that are loaded ahead come with the pointer, and nobody points.
  let known = -1
  await expect
    .poll(
      () => {
        const isQuiet = known === sizes.length
        known = sizes.length
        return isQuiet
      },
      { intervals: [1000] },
    )
    .toBe(true)
  const found = await Promise.all(sizes)
  return found.reduce((sum, size) => sum + size, 0)
}

test('the console loads at most 160 KB of scripts first', async ({ world, consoleAs }) => {
  for (const locale of ['de-DE', 'en-GB']) {
    const page = await consoleAs('viewer', { locale })
    const bytes = await scriptsOf(page, `${world.hub}/`, 'figure svg')
    test.info().annotations.push({ type: 'console, bytes', description: `${locale}: ${bytes}` })
    expect(bytes).toBeGreaterThan(50 * kilobyte)
    expect(bytes).toBeLessThanOrEqual(160 * kilobyte)
  }
})

test('the site loads at most 150 KB of scripts first', async ({ world, newContext }) => {
  const page = await (await newContext({ baseURL: world.site })).newPage()
  const bytes = await scriptsOf(page, '/', 'article')
  test.info().annotations.push({ type: 'site, bytes', description: String(bytes) })
  expect(bytes).toBeGreaterThan(50 * kilobyte)
  expect(bytes).toBeLessThanOrEqual(150 * kilobyte)
})

test('the emergency loads no script at all', async ({ world, consoleAs }) => {
  const page = await consoleAs('operator')
  const scripts: string[] = []
  page.on('request', request => {
    if (request.resourceType() === 'script') scripts.push(request.url())
  })
  await page.goto(`/emergency?ring=${world.ring}`)
  await expect(page.locator('[name=confirm]')).toBeVisible()
  expect(scripts).toEqual([])
})

test('a production build of the site holds nothing of the strip', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-site-'))
  try {
    const vite = path.resolve('node_modules/vite/bin/vite.js')
    const built = spawnSync(
      process.execPath,
      [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
      { cwd: path.resolve('examples/immonow/web'), encoding: 'utf8' },
    )
    expect(built.stderr).not.toContain('error')
    expect(built.status).toBe(0)
    const holdsStrip = (root: string): boolean =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.js') || file.endsWith('.css'))
        .some(file => readFileSync(path.join(root, file), 'utf8').includes('data-kid'))
    expect(holdsStrip(folder)).toBe(false)
    // The one that these tests run on has it: else nothing would be proved.
    expect(holdsStrip(path.resolve('examples/immonow/web/dist'))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
