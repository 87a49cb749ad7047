/** The checks of the other files find what they are for: planted, one of each. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { layoutProblems } from './layout-problems.ts'
import { accessibilityProblems } from './sweep.ts'

const policy = "default-src 'none'; script-src 'self'; connect-src 'self' http://other.invalid"

/** A page of the hub with this script. */
async function plant(page: Page, hub: string, script: string): Promise<void> {
  await page.route('**/planted*', route => {
    const isScript = route.request().url().endsWith('.js')
    return route.fulfill({
      contentType: isScript ? 'text/javascript' : 'text/html',
      headers: { 'content-security-policy': policy },
      body: isScript ? script : '<!doctype html><title>planted</title><script src="/planted.js"></script>',
    })
  })
  await page.goto(`${hub}/planted`)
}

for (const [what, script, found] of [
  ['an error in the console', 'console.error("planted")', /^console: planted/],
  ['an exception', 'throw new Error("planted")', /^exception: planted/],
  ['a promise that fails', 'Promise.reject(new Error("planted"))', /^exception: planted/],
  [
    'a request to another origin',
    'fetch("http://other.invalid/x")',
    /^another origin: http:..other.invalid.x/,
  ],
  ['a request that fails', 'fetch("http://other.invalid/x")', /^failed: GET http:..other.invalid.x/],
  ['an answer that is an error', 'fetch("/v1/session")', /^console: .* 401 .*\/v1\/session/],
  ['a breach of the policy', 'new Image().src = "/a.png"', /^policy: img-src/],
] as const)
  test(`a page is watched for ${what}`, async ({ page, watch, world }) => {
    await plant(page, world.hub, script)
    await expect.poll(() => watch.unexpected.join('\n')).toMatch(new RegExp(found, 'm'))
    watch.expect(/./)
    expect(watch.unexpected).toEqual([])
  })

test('what a test announces is expected, and nothing else', async ({ page, watch, world }) => {
  await plant(page, world.hub, 'console.error("one"); console.error("two")')
  await expect.poll(() => watch.unexpected.length).toBe(2)
  watch.expect(/console: one/)
  expect(watch.unexpected.join()).toMatch(/^console: two/)
  watch.expect(/console: two/)
})

for (const [what, html, found] of [
  ['a page that is too wide', '<div style="width: 400px">wide</div>', /the page is \d+ wide/],
  [
    'text that is cut at the side',
    '<p style="width: 90px; overflow: hidden; white-space: nowrap">Schlüsselwechsel läuft</p>',
    /<p> "Schlüsselwechsel läuft" is cut at the side/,
  ],
  [
    'text that is cut below',
    '<p style="height: 20px; overflow: hidden">several words<br>that need lines</p>',
    /is cut below/,
  ],
  [
    'text beside the window',
    '<div style="position: fixed; left: 300px; white-space: nowrap">far to the right</div>',
    /is beside the window/,
  ],
] as const)
  test(`a layout is judged for ${what}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 })
    await page.setContent(html)
    expect((await layoutProblems(page)).join('\n')).toMatch(found)
  })

test('a layout may scroll inside, and hide what is for screen readers only', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.setContent(`
    <div style="overflow: auto"><pre style="width: 500px">a long line of code</pre></div>
    <span style="position: absolute; width: 1px; height: 1px; overflow: hidden">for screen readers</span>
    <p hidden>nobody sees this</p>
    <p>Words that wrap where they must, however many of them there are.</p>`)
  expect(await layoutProblems(page)).toEqual([])
})

test('accessibility is judged', async ({ page }) => {
  await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><input></main>')
  expect((await accessibilityProblems(page)).join('\n')).toMatch(/^label: .*input/m)
})
