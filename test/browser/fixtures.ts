/** test, expect: Playwright's, with a world for each worker, and pages that are watched. */
import {
  test as base,
  expect,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test'
import type { Role } from './hub-caller.ts'
import { locales, type Language } from './language.ts'
import { PageWatch } from './page-watch.ts'
import { SiteUser } from './site-user.ts'
import { World } from './world.ts'

interface WorkerFixtures {
  /** Limits of the ring. A file that sets them has a world of its own. */
  readonly limits: object | undefined
  readonly world: World
}

interface TestFixtures {
  readonly watch: PageWatch
  /** A browser of its own, watched, closed with the test. */
  readonly newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>
  /** A page of an operator who is logged in at the hub. */
  readonly consoleAs: (role: Role, options?: BrowserContextOptions) => Promise<Page>
  /** A new user of ImmoNow, who is logged in. @param backend of the three; any of them without it */
  readonly immonow: (language: Language, backend?: number) => Promise<SiteUser>
  /** Without JavaScript. */
  readonly noScript: BrowserContext
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  limits: [undefined, { option: true, scope: 'worker' }],
  world: [
    async ({ limits }, use) => {
      const world = await World.start(limits)
      await use(world)
      await world.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  watch: [
    async ({ world }, use) => {
      const watch = new PageWatch(world.origins)
      await use(watch)
      expect(watch.unexpected, 'what no page should do').toEqual([])
    },
    { auto: true },
  ],
  context: async ({ context, watch }, use) => {
    await watch.watch(context)
    await use(context)
  },
  newContext: async ({ browser, watch }, use) => {
    const contexts: BrowserContext[] = []
    await use(async options => {
      const context = await browser.newContext(options)
      contexts.push(context)
      await watch.watch(context)
      return context
    })
    for (const context of contexts) await context.close()
  },
  consoleAs: async ({ world, newContext }, use) => {
    await use(async (role, options) => {
      const context = await newContext({ baseURL: world.hub, ...options })
      await logIn(context, world, role)
      return context.newPage()
    })
  },
  immonow: async ({ world, newContext }, use) => {
    await use(async (language, backend) => {
      const baseURL = (backend === undefined ? undefined : world.urls[backend]) ?? world.site
      const context = await newContext({ baseURL, locale: locales[language] })
      return SiteUser.register(await context.newPage(), language)
    })
  },
  noScript: async ({ newContext }, use) => {
    await use(await newContext({ javaScriptEnabled: false }))
  },
})

/** With the cookie of an operator. Its name begins with `__Host-`: it is refused with any address but one of https. */
export async function logIn(context: BrowserContext, world: World, role: Role): Promise<void> {
  const { name, value } = world.operators[role].session.cookie
  await context.addCookies([
    {
      name,
      value,
      url: world.hub.replace('http:', 'https:'),
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
    },
  ])
}

export { expect }
