/** Every screen in both languages, light and dark, narrow and large: to be read and used by everybody. */
import { expect, logIn, test } from './fixtures.ts'
import { languages, locales } from './language.ts'
import { screens } from './screens.ts'
import { SiteUser } from './site-user.ts'
import { storyOf } from './story.ts'
import { sweep } from './sweep.ts'
import { withoutScripts } from './without-scripts.ts'

// Each stands for itself: both workers take from them.
test.describe.configure({ mode: 'parallel' })

for (const screen of screens)
  for (const language of languages)
    test(`${screen.name} is fit for everybody, in ${language}`, async ({ world, newContext, watch }) => {
      const { name, at, path, role, isMember, script = true, act, ready, expected } = screen
      const story = await storyOf(world)
      if (expected) watch.expect(expected)
      const baseURL = at === 'hub' ? world.hub : world.site
      const context = await newContext({ baseURL, locale: locales[language] })
      if (role) await logIn(context, world, role)
      const page = await context.newPage()
      const user = isMember ? await SiteUser.register(page, language) : undefined
      if (!script) await withoutScripts(page)
      await page.goto(typeof path === 'string' ? path : path(story))
      await page.locator('h1').first().waitFor()
      await act?.(page, user)
      await (ready?.(page) ?? page.locator('h1').first()).waitFor()
      if (script) await expect(page.locator('html')).toHaveAttribute('lang', language)
      await sweep(page, `${name}-${language}`)
    })
