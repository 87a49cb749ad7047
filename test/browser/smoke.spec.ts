/** The least that must work on each version of Node: the hub's pages in a browser. */
import { expect, test } from './fixtures.ts'

test('a session of each role is one in the browser', { tag: '@smoke' }, async ({ world, consoleAs }) => {
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    const page = await consoleAs(role)
    await page.goto('/v1/session')
    await expect(page.locator('body')).toContainText(`"role":"${role}"`)
    expect(world.operators[role].session.role).toBe(role)
  }
})

test('an invited operator sets a password', { tag: '@smoke' }, async ({ world, newContext }) => {
  const { link } = await world.operators.admin.ask<{ link: string }>('POST', '/v1/operators', {
    name: `invited-${Date.now()}`,
    role: 'viewer',
  })
  const page = await (await newContext({ baseURL: world.hub, locale: 'de-DE' })).newPage()
  await page.goto(link)
  await page.getByLabel('Passwort', { exact: true }).fill('eleven boats beside the pier')
  await page.getByLabel('Passwort wiederholen').fill('eleven boats beside the pier')
  await page.getByRole('button', { name: 'Passwort festlegen' }).click()
  await expect(page.getByRole('heading')).toHaveText('Das Passwort ist festgelegt')
  await page.goto('/v1/session')
  await expect(page.locator('body')).toContainText('"role":"viewer"')
})
