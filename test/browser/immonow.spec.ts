/** What users of ImmoNow see of a rotation. */
import { expect, test } from './fixtures.ts'
import { fillListing } from './listing-form.ts'

// A backend that has heard nothing for ten seconds answers 503.
test.use({ limits: { maxTokenLife: 30, maxStale: 10, tolerance: 1, grace: 60 } })

const sentences = {
  de: {
    heading: 'Token abgelaufen',
    expired: 'Ihre Sitzung ist abgelaufen. Bitte melden Sie sich erneut an. Ihre Eingaben bleiben erhalten.',
    security: 'Aus Sicherheitsgründen haben wir alle Sitzungen beendet. Ihr Passwort ist nicht betroffen.',
  },
  en: {
    heading: 'Token expired',
    expired: 'Your session has expired. Please log in again. What you typed is kept.',
    security: 'For security reasons we have ended all sessions. Your password is not affected.',
  },
} as const
const refused = /^console: .* 401 /

test('a graceful rotation is noticed by nobody who browses', async ({ world, immonow }) => {
  const user = await immonow('en')
  const { page, texts } = user
  const before = await user.kid()
  const course = { isOver: false }
  const over = world.operators.operator.change(world.ring, '/rotations').finally(() => (course.isOver = true))
  // Until the session is signed with the new key, by a refresh that nobody sees.
  for (let rounds = 0; rounds < 3 || !course.isOver || (await user.kid()) === before; rounds += 1) {
    await user.goTo('mine')
    await expect(page.getByRole('heading', { name: texts.mine.heading })).toBeVisible()
    await user.goTo('search')
    await page.getByRole('article').first().getByRole('link').click()
    await expect(page.getByRole('heading', { name: texts.listing.facts })).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('heading', { name: texts.search.heading })).toBeVisible()
    await user.isIn()
  }
  await over
})

for (const language of ['de', 'en'] as const) {
  test(`a hard rotation leads to the login page and back, with the form as it was, in ${language}`, async ({
    world,
    immonow,
    watch,
  }) => {
    const user = await immonow(language)
    const { page, texts } = user
    await user.goTo('write')
    await fillListing(user, 'Loft mit Blick')
    watch.expect(refused)
    await world.operators.operator.change(world.ring, '/rotations', { mode: 'hard', force: true })
    await page.getByRole('button', { name: texts.form.publish }).click()
    await expect(page).toHaveURL(/\/login\?reason=expired&returnTo=\/write$/)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(sentences[language].heading)
    await expect(page.getByText(sentences[language].expired)).toBeVisible()
    await user.logIn()
    await expect(page).toHaveURL(/\/write$/)
    await expect(page.getByLabel(texts.form.title, { exact: true })).toHaveValue('Loft mit Blick')
    await expect(page.getByLabel(texts.form.city, { exact: true })).toHaveValue('Görlitz')
    await page.getByRole('button', { name: texts.form.publish }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Loft mit Blick')
  })

  test(`an emergency is called what it is, in ${language}`, async ({ world, immonow, watch }) => {
    const user = await immonow(language)
    watch.expect(refused)
    await world.operators.operator.change(world.ring, '/emergency', { confirm: world.ring })
    await user.goTo('mine')
    await expect(user.page).toHaveURL(/\/login\?reason=security&returnTo=\/my-listings$/)
    await expect(user.page.getByText(sentences[language].security)).toBeVisible()
    await user.logIn()
    await expect(user.page).toHaveURL(/\/my-listings$/)
  })
}

test('after a rollback a tab comes back from the login page without a password', async ({
  world,
  immonow,
  watch,
}) => {
  const user = await immonow('en')
  const tab = await user.page.context().newPage()
  await tab.goto('/my-listings')
  await expect(tab.getByRole('heading', { name: user.texts.mine.heading })).toBeVisible()
  watch.expect(refused)
  await world.operators.operator.change(world.ring, '/rotations', { mode: 'hard', force: true })
  await tab.reload()
  await expect(tab).toHaveURL(/\/login\?reason=expired&returnTo=\/my-listings$/)
  await world.operators.operator.change(world.ring, '/rollbacks')
  await tab.bringToFront()
  await expect(tab).toHaveURL(/\/my-listings$/)
  await expect(tab.getByRole('heading', { name: user.texts.mine.heading })).toBeVisible()
})

test('backends that are cut off keep users waiting, and sign nobody out', async ({
  world,
  immonow,
  watch,
}) => {
  const user = await immonow('en')
  const { page, texts } = user
  watch.expect(/^console: .* 503 /)
  process.kill(world.hubProcess.pid, 'SIGSTOP')
  try {
    const answers = async (): Promise<number> => (await fetch(`${world.urls[0]}/readyz`)).status
    await expect.poll(answers).toBe(503)
    await user.goTo('mine')
    await expect(page.getByText(texts.site.reconnecting)).toBeVisible()
  } finally {
    process.kill(world.hubProcess.pid, 'SIGCONT')
  }
  await expect(async () => {
    // On a busy machine its patience may be at its end before the backends are back.
    const again = page.getByRole('button', { name: texts.problem.again })
    if (await again.isVisible()) await again.click()
    await expect(page.getByText(texts.mine.none)).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 60_000 })
  await expect(page).toHaveURL(/\/my-listings$/)
  await user.isIn()
})

test('who did not expect to be signed out says so, and the hub counts it', async ({
  world,
  immonow,
  watch,
}) => {
  const counted = async (): Promise<number> => {
    const path = `/v1/rings/${encodeURIComponent(world.ring)}/series`
    const { buckets } = await world.operators.viewer.ask<{ buckets: { unexpectedSignOuts: number }[] }>(
      'GET',
      path,
    )
    return buckets.reduce((sum, { unexpectedSignOuts }) => sum + unexpectedSignOuts, 0)
  }
  const user = await immonow('en')
  const before = await counted()
  watch.expect(refused)
  await world.operators.operator.change(world.ring, '/rotations', { mode: 'hard', force: true })
  await user.goTo('mine')
  await user.page.getByRole('button', { name: user.texts.account.unexpected }).click()
  await expect(user.page.getByText(user.texts.account.unexpectedThanks)).toBeVisible()
  await expect.poll(counted).toBe(before + 1)
})

test('markup in a title stays text', async ({ immonow }) => {
  const title = '<img src="/planted.png" onerror="throw 1"> Villa'
  const user = await immonow('de')
  const { page, texts } = user
  await user.goTo('write')
  await fillListing(user, title)
  await page.getByRole('button', { name: texts.form.publish }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  await page.goto('/')
  await expect(page.getByRole('article').first()).toContainText(title)
  await expect(page.locator('img[src*=planted]')).toHaveCount(0)
})
