/** Nothing that a viewer can press in the console changes anything. */
import { consoleScreens } from './console-screens.ts'
import { expect, test } from './fixtures.ts'
import { storyOf } from './story.ts'

/** These ask, or change what is the viewer's own. */
const harmless = /\/v1\/(session|identify|password|rings\/[^/]+\/plans|applications\/[^/]+\/plans)$/

const paths = consoleScreens.filter(({ act }) => act === undefined)

test('whatever a viewer presses, nothing is asked that would change something', async ({
  world,
  consoleAs,
  watch,
}) => {
  test.setTimeout(600_000)
  watch.expect(/ (400|401|403|404) /)
  const story = await storyOf(world)
  const page = await consoleAs('viewer', { locale: 'en-GB' })
  const changes: string[] = []
  page.on('request', request => {
    const { pathname } = new URL(request.url())
    if (request.method() !== 'GET' && !harmless.test(pathname))
      changes.push(`${request.method()} ${pathname}`)
  })
  let pressed = 0
  for (const { path } of paths) {
    const address = typeof path === 'string' ? path : path(story)
    const open = async (): Promise<void> => {
      await page.goto(address)
      await page.locator('h1').first().waitFor()
      await expect(page.getByText('Loading…')).toHaveCount(0)
    }
    await open()
    const buttons = page.locator('main button:not(:disabled)')
    for (let index = 0; index < (await buttons.count()); index += 1) {
      await buttons.nth(index).click({ force: true })
      pressed += 1
      const dialog = page.locator('dialog[open]')
      if (!(await dialog.isVisible())) continue
      for (const field of await dialog.locator('input[name=reason]').all())
        await field.fill('I would like to')
      await dialog.locator('button').last().click({ force: true })
      await open()
    }
  }
  expect(pressed).toBeGreaterThan(20)
  expect(changes).toEqual([])
})
