/** The console: what an operator sees and does, against a real hub with real instances. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { World } from './world.ts'

const planted = '<img src=x onerror="document.title=1">'

/** Every instance has acknowledged: nothing is left of the test before. */
async function settled(world: World): Promise<void> {
  await expect
    .poll(async () => {
      const { fleet, document } = await world.operators.admin.ask<{
        fleet: { acknowledged: boolean; instances: unknown[] }
        document: { operation: unknown }
      }>('GET', `/v1/rings/${encodeURIComponent(world.ring)}`)
      return fleet.acknowledged && fleet.instances.length === 3 && document.operation === null
    })
    .toBe(true)
}

async function rotateByApi(world: World, request: object): Promise<void> {
  await world.operators.operator.ask('POST', `/v1/rings/${encodeURIComponent(world.ring)}/rotations`, request)
  await settled(world)
}

async function apply(page: Page, reason: string, button: RegExp | string): Promise<void> {
  await page.getByLabel('Reason', { exact: true }).fill(reason)
  await page.getByRole('button', { name: button }).click()
  await page.waitForURL(/\/rotations\//)
}

test.beforeEach(async ({ world }) => settled(world))

test('says at one glance that the ring is safe', { tag: '@smoke' }, async ({ world, consoleAs }) => {
  const page = await consoleAs('viewer', { locale: 'en-GB' })
  await page.goto('/')
  await page.waitForURL(`**/rings/${world.ring}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(world.ring)
  await expect(page.getByText(/^✔ Healthy\. 3 of 3 instances use key/)).toBeVisible()
  for (const name of ['Keys', 'Verified tokens by key', 'Refused tokens and failed logins'])
    await expect(page.getByRole('figure', { name })).toBeVisible()
  await expect(page.getByText('Nothing needs you.')).toBeVisible()
  await expect(page.getByText('● Live')).toBeVisible()
})

test('rotates gracefully, exactly as previewed, and shows every instance', async ({ world, consoleAs }) => {
  // Then no key retires that would ask for consent.
  await rotateByApi(world, { mode: 'hard', reason: 'before' })
  const page = await consoleAs('operator', { locale: 'en-GB' })
  await page.goto(`/rings/${world.ring}/rotate`)
  await expect(page.getByRole('radio', { name: 'Graceful' })).toBeChecked()
  await expect(page.getByText('Sessions that end: 0')).toBeVisible()
  const plan = /graceful-\d+-\d+-\w+/.exec(await page.getByText('Preview: ').innerText())?.[0]

  await page.getByRole('button', { name: /gracefully now/ }).click()
  await expect(page.getByText('Say why: the audit trail keeps it.')).toBeVisible()
  const sent = page.waitForRequest(
    request => request.method() === 'POST' && request.url().endsWith('/rotations'),
  )
  await apply(page, `quarterly ${planted}`, /gracefully now/)
  expect((await sent).postDataJSON()).toMatchObject({ plan, mode: 'graceful' })

  await expect(page.getByText('3 of 3 instances have acknowledged.')).toBeVisible()
  await expect(page.getByText('✔ done')).toBeVisible()
  await expect(page.getByText(`Reason: quarterly ${planted} (scheduled)`)).toBeVisible()
  await expect(page.getByText(/Old tokens stay valid for/)).toBeVisible()

  await page.getByRole('link', { name: 'Overview' }).click()
  await expect(page.getByText(/^✔ Healthy\. 3 of 3 instances use key/)).toBeVisible()
  await expect(page.getByText(`quarterly ${planted}`).first()).toBeVisible()
  await expect(page).toHaveTitle(`${world.ring} · Keyturn`)
})

test('asks for consent before it rotates over a key that still retires, and rolls back', async ({
  world,
  consoleAs,
}) => {
  await rotateByApi(world, { mode: 'graceful', force: true, reason: 'the first' })
  const page = await consoleAs('operator', { locale: 'en-GB' })
  await page.goto(`/rings/${world.ring}/rotate`)
  await expect(page.getByText(/The key before is still retiring/)).toBeVisible()
  await page.getByLabel(/^Rotate although/).check()
  await expect(page.getByText('Sessions that end: 0')).toBeVisible()
  await apply(page, 'again', /gracefully now/)
  await expect(page.getByText('✔ done')).toBeVisible()

  await page.getByRole('link', { name: 'Roll back…' }).click()
  await expect(page.getByRole('radio', { name: 'Roll back' })).toBeChecked()
  await apply(page, 'not yet', /Roll .* back now/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Rollback of ${world.ring}`)
  await expect(page.getByText('✔ done')).toBeVisible()
})

test('retires the old key early, with consent to what that does to its tokens', async ({
  world,
  consoleAs,
}) => {
  await rotateByApi(world, { mode: 'graceful', force: true, reason: 'the first' })
  const page = await consoleAs('operator', { locale: 'en-GB' })
  const { rotations } = await world.operators.viewer.ask<{ rotations: { id: string }[] }>(
    'GET',
    `/v1/rings/${encodeURIComponent(world.ring)}/rotations`,
  )
  await page.goto(`/rings/${world.ring}/rotations/${rotations[0]?.id}`)
  const retire = page.getByRole('button', { name: /^Retire .* now…$/ })
  await retire.first().waitFor()
  const before = await retire.count()
  await retire.first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('its tokens are gone')
  await expect(dialog.getByRole('button', { name: /^Retire/ })).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: /^Retire/ }).click()
  await expect(dialog).toBeHidden()
  await expect(retire).toHaveCount(before - 1)
})

test('follows what somebody else does, without being asked', async ({ world, consoleAs }) => {
  const page = await consoleAs('viewer', { locale: 'en-GB' })
  await page.goto(`/rings/${world.ring}`)
  const before = await page.getByText(/^Generation \d+$/).innerText()
  const generation = Number(before.replace(/\D/g, ''))
  await rotateByApi(world, { mode: 'hard', reason: 'by the API' })
  await expect(page.getByText(`Generation ${generation + 2}`, { exact: true })).toBeVisible()
  await expect(page.getByText('by the API').first()).toBeVisible()
})

test('refuses a viewer every change, and says which role it needs', async ({ world, consoleAs, watch }) => {
  watch.expect(/403/)
  const page = await consoleAs('viewer', { locale: 'en-GB' })
  await page.goto(`/rings/${world.ring}/rotate`)
  await expect(page.getByText('This needs the role operator. You are viewer.')).toBeVisible()
  await page.getByLabel('Reason', { exact: true }).fill('I would like to')
  await expect(page.getByRole('button', { name: /gracefully now/ })).toHaveAttribute('aria-disabled', 'true')
  // Whoever presses it anyway: nothing is sent, and the hub would refuse it.
  await page.getByRole('button', { name: /gracefully now/ }).click({ force: true })
  await expect(page).toHaveURL(/\/rotate$/)
  const status = await page.evaluate(async ring => {
    const { csrf } = (await (await fetch('/v1/session')).json()) as { csrf: string }
    const answer = await fetch(`/v1/rings/${encodeURIComponent(ring)}/rotations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-keyturn-csrf': csrf },
      body: JSON.stringify({ mode: 'hard', reason: 'by hand' }),
    })
    return answer.status
  }, world.ring)
  expect(status).toBe(403)
})

test('charts can be read with the keyboard, and as tables', async ({ world, consoleAs }) => {
  const page = await consoleAs('viewer', { locale: 'en-GB' })
  await page.goto(`/rings/${world.ring}`)
  const chart = page.getByRole('slider', { name: 'Verified tokens by key' })
  await chart.focus()
  await page.keyboard.press('Home')
  const first = await chart.getAttribute('aria-valuetext')
  await page.keyboard.press('ArrowRight')
  await expect(chart).toHaveAttribute('aria-valuenow', '1')
  expect(await chart.getAttribute('aria-valuetext')).not.toBe(first)
  await page
    .getByRole('button', { name: 'Show as table : Keys' })
    .or(page.getByRole('button', { name: 'Show as table: Keys' }))
    .click()
  await expect(page.getByRole('columnheader', { name: 'State' })).toBeVisible()
  await expect(page.getByRole('row', { name: /active/ }).first()).toBeVisible()
})

test('sends whoever is not logged in to the login page, and back', async ({ world, newContext, watch }) => {
  watch.expect(/401/)
  const page = await (await newContext({ baseURL: world.hub, locale: 'en-GB' })).newPage()
  await page.goto(`/rings/${world.ring}/rotate?mode=hard`)
  await page.waitForURL(/\/login\?returnTo=/)
  await page.getByLabel('Name').fill('otto')
  await page.getByLabel('Password').fill('nine lanterns over the harbour')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL(`**/rings/${world.ring}/rotate?mode=hard`)
  await expect(page.getByRole('radio', { name: 'Hard' })).toBeChecked()
})

test('rotates all environments of an application with one button', async ({ world, consoleAs }) => {
  const { admin } = world.operators
  await admin.ask('POST', '/v1/rings', { ring: 'immonow/staging', reason: 'a second environment' })
  const page = await consoleAs('operator', { locale: 'en-GB' })
  await page.goto(`/rings/${world.ring}/rotate?mode=hard`)
  await page.getByLabel('All 2 environments of immonow at once').check()
  await page.getByLabel(/^Where no instance is connected/).check()
  await expect(page.getByRole('article', { name: 'immonow/staging' })).toBeVisible()
  await expect(page.getByRole('article', { name: world.ring })).toBeVisible()
  await apply(page, 'everywhere', 'Rotate all 2 environments now')
  await expect(page.getByText('✔ done')).toBeVisible()
  await expect(page.getByText('immonow/staging: done')).toBeVisible()
  await page.getByRole('link', { name: 'immonow/staging' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Rotation of immonow/staging (hard)')
})

test('nobody who browses notices a graceful rotation that is made here', async ({
  world,
  consoleAs,
  immonow,
}) => {
  const user = await immonow('en')
  const operator = await consoleAs('operator', { locale: 'en-GB' })
  await operator.goto(`/rings/${world.ring}/rotate`)
  const force = operator.getByLabel(/^Rotate although/)
  await expect(
    operator.getByText('Sessions that end: 0').or(operator.getByText(/still retiring\. Rotating/)),
  ).toBeVisible()
  if (await force.isVisible()) await force.check()
  await expect(operator.getByText('Sessions that end: 0')).toBeVisible()
  const browse = async (): Promise<void> => {
    await user.goTo('mine')
    await expect(user.page.getByRole('heading', { name: user.texts.mine.heading })).toBeVisible()
    await user.goTo('search')
    await expect(user.page.getByRole('heading', { name: user.texts.search.heading })).toBeVisible()
    await user.isIn()
  }
  await browse()
  await apply(operator, 'while somebody browses', /gracefully now/)
  // On every page there is no request that failed: the watch of each test sees to it.
  while (!(await operator.getByText('✔ done').isVisible())) await browse()
  await browse()
})
