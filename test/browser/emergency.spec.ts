/** The emergency, as somebody does it at 3 a.m.: with JavaScript off, from the console's address to the report. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { password, type World } from './world.ts'

/** An instance that is cut off stops within five minutes. */
const limits = { maxTokenLife: 60, maxStale: 300, tolerance: 1, grace: 600 }
test.use({ limits })

const planted = '<img src="/planted.png" onerror="throw 1">'

/** The key that signs, as the hub says. */
async function activeKid(world: World): Promise<string> {
  const { document } = await world.operators.viewer.ask<{
    document: { keys: { kid: string; state: string }[] }
  }>('GET', `/v1/rings/${encodeURIComponent(world.ring)}`)
  return document.keys.find(({ state }) => state === 'active')?.kid ?? ''
}

async function logIn(page: Page, name: string): Promise<void> {
  await page.locator('[name=name]').fill(name)
  await page.locator('[name=password]').fill(password)
  await page.locator('main button[type=submit]').click()
}

async function declare(page: Page, world: World, reason: string): Promise<void> {
  await page.locator('[name=cause][value=compromised]').check()
  await page.locator('[name=reason]').fill(reason)
  await page.locator('[name=confirm]').fill(world.ring)
  await page.locator('main button[type=submit]').click()
}

test('goes from the bookmark to the report without a script', async ({ world, noScript, watch }) => {
  watch.expect(/ 400 /)
  const leaked = await activeKid(world)
  const page = await noScript.newPage()
  await page.goto(`${world.hub}/emergency?ring=${world.ring}`)
  await expect(page).toHaveURL(/\/login\?returnTo=/)
  await logIn(page, 'otto')
  await expect(page).toHaveURL(/\/emergency\?ring=/)
  await expect(page.locator('main')).toContainText(leaked)

  await page.locator('[name=cause][value=compromised]').check()
  await page.locator('[name=reason]').fill(`in a public gist ${planted}`)
  await page.locator('[name=confirm]').fill('immonow/staging')
  const refused = page.waitForResponse(response => response.request().method() === 'POST')
  await page.locator('main button[type=submit]').click()
  expect((await refused).status()).toBe(400)
  await expect(page.locator('[name=reason]')).toHaveValue(`in a public gist ${planted}`)
  await expect(page.locator('[name=confirm]')).toHaveAttribute('aria-invalid', 'true')
  expect(await activeKid(world)).toBe(leaked)

  await page.locator('[name=confirm]').fill(world.ring)
  await page.locator('main button[type=submit]').click()
  await expect(page).toHaveURL(new RegExp(`/emergency/${world.ring}/[\\w-]+$`))
  // The page asks again by itself until it is over.
  await expect(page.locator('.result.everywhere')).toBeVisible()
  await expect(page.locator('table').first().locator('tbody tr')).toHaveCount(3)
  await expect(page.locator('main')).toContainText(leaked)
  expect(await activeKid(world)).not.toBe(leaked)

  await page.locator('a[href$="/report"]').first().click()
  await expect(page.locator('main')).toContainText(`in a public gist ${planted}`)
  await expect(page.locator('main')).toContainText('otto')
  await expect(page.locator('img')).toHaveCount(0)
})

test('refuses a viewer, and says why', async ({ world, noScript, watch }) => {
  watch.expect(/ 403 /)
  const page = await noScript.newPage()
  await page.goto(`${world.hub}/login?returnTo=${encodeURIComponent(`/emergency?ring=${world.ring}`)}`)
  await logIn(page, 'vera')
  await expect(page).toHaveURL(/\/emergency\?ring=/)
  await expect(page.locator('[name=confirm]')).toHaveCount(0)
  await expect(page.locator('main')).toContainText('operator')
})

test('names an instance that is out of reach, and the time by which it has stopped', async ({
  world,
  noScript,
}) => {
  const page = await noScript.newPage()
  await page.goto(`${world.hub}/login?returnTo=${encodeURIComponent(`/emergency?ring=${world.ring}`)}`)
  await logIn(page, 'anna')
  await expect(page.locator('[name=confirm]')).toBeVisible()
  const cut = world.backends[0]?.pid ?? 0
  process.kill(cut, 'SIGSTOP')
  try {
    await declare(page, world, 'a lost laptop')
    await expect(page.locator('.result.partly')).toBeVisible({ timeout: 170_000 })
    const stopsBy = await page.locator('.result time').getAttribute('datetime')
    // The ring's maxStale after it was heard of last, which was before the emergency.
    expect(Date.parse(stopsBy ?? '')).toBeLessThan(Date.now() + limits.maxStale * 1000)
    await expect(page.getByRole('row').filter({ has: page.locator('time') })).toHaveCount(1)
  } finally {
    process.kill(cut, 'SIGCONT')
  }
})
