/** The pictures of the README and the docs, of a ring with users on it. */
import type { Page } from '@playwright/test'
import { mkdirSync, statSync } from 'node:fs'
import { Crowd } from '../../examples/immonow/demo/src/crowd.ts'
import { expect, test } from './fixtures.ts'

const folder = 'docs/images'
/** Bytes. */
const largest = 300_000

/** Milliseconds of traffic before and after the rotation, so that there is something to see. */
const traffic = Number(process.env['KEYTURN_TRAFFIC_SECONDS'] ?? 150) * 1000

const wide = { width: 1280, height: 800 }

async function take(page: Page, name: string, isWhole = false): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const file = `${folder}/${name}.png`
  await page.screenshot({ path: file, fullPage: isWhole, animations: 'disabled', scale: 'css' })
  expect(statSync(file).size, `${file}: bytes`).toBeLessThanOrEqual(largest)
}

test('the pictures', async ({ world, consoleAs, immonow, watch }) => {
  test.setTimeout(900_000)
  watch.expect(/ 401 /)
  const { operator } = world.operators
  const crowd = new Crowd(30, world.urls)
  await crowd.enter()
  crowd.start()
  try {
    const page = await consoleAs('operator', { locale: 'en-GB', colorScheme: 'light', viewport: wide })
    await page.waitForTimeout(traffic)
    await operator.change(world.ring, '/rotations', { reason: 'quarterly rotation', cause: 'scheduled' })
    await page.waitForTimeout(traffic)
    await page.goto(`/rings/${world.ring}`)
    await expect(page.getByText(/^✔ Healthy/)).toBeVisible()
    await expect(page.locator('figure')).toHaveCount(3)
    await page.waitForTimeout(2_000)
    await take(page, 'overview', true)

    await page.goto(`/rings/${world.ring}/rotate?mode=hard`)
    await expect(page.getByText(/Sessions that end: all/)).toBeVisible()
    await take(page, 'rotate')

    await page.goto(`/emergency?ring=${world.ring}`)
    await expect(page.locator('[name=confirm]')).toBeVisible()
    await take(page, 'emergency', true)

    const user = await immonow('en')
    await user.page.setViewportSize(wide)
    await user.page.goto('/')
    await expect(user.page.getByRole('article').first()).toBeVisible()
    await take(user.page, 'immonow')

    const hard = await operator.change(world.ring, '/rotations', {
      mode: 'hard',
      reason: 'a colleague with access has left',
      cause: 'access-holder-left',
    })
    await user.goTo('mine')
    await expect(user.page).toHaveURL(/reason=expired/)
    await user.page.setViewportSize({ width: 1280, height: 960 })
    await take(user.page, 'token-expired')
    await page.goto(`/rings/${world.ring}/rotations/${hard}`)
    await expect(page.getByText('✔ done')).toBeVisible()
    await expect(page.locator('figure')).toHaveCount(3)
    await take(page, 'rotation')

    const german = await consoleAs('operator', { locale: 'de-DE', colorScheme: 'dark', viewport: wide })
    await german.goto(`/rings/${world.ring}`)
    await expect(german.locator('figure')).toHaveCount(3)
    await german.waitForTimeout(2_000)
    await take(german, 'overview-de-dark', true)
  } finally {
    crowd.stop()
  }
})
