/** siteScreens: the pages of ImmoNow. */
import type { Screen } from './screens.ts'
import { fillListing } from './listing-form.ts'

const firstListing: Screen['act'] = page => page.getByRole('article').first().getByRole('link').click()

export const siteScreens: readonly Screen[] = [
  { name: 'site-search', at: 'site', path: '/', ready: page => page.getByRole('article').first() },
  { name: 'site-nothing-found', at: 'site', path: '/?city=Nirgendwo' },
  { name: 'site-listing', at: 'site', path: '/', act: firstListing, ready: page => page.locator('main dl') },
  { name: 'site-login', at: 'site', path: '/login' },
  { name: 'site-login-expired', at: 'site', path: '/login?reason=expired&returnTo=/write' },
  { name: 'site-login-security', at: 'site', path: '/login?reason=security' },
  {
    name: 'site-login-incomplete',
    at: 'site',
    path: '/login',
    act: page => page.locator('main form button[type=submit]').click(),
  },
  { name: 'site-register', at: 'site', path: '/register' },
  { name: 'site-write', at: 'site', path: '/write', isMember: true },
  {
    name: 'site-write-incomplete',
    at: 'site',
    path: '/write',
    isMember: true,
    act: page => page.locator('main form button[type=submit]').click(),
  },
  { name: 'site-no-listings', at: 'site', path: '/my-listings', isMember: true },
  {
    name: 'site-my-listings',
    at: 'site',
    path: '/write',
    isMember: true,
    act: async (page, user) => {
      if (!user) return
      await fillListing(user, 'Dachgeschosswohnung mit Donaudampfschifffahrtsgesellschaftsblick')
      await page.getByRole('button', { name: user.texts.form.publish }).click()
      await page.locator('main dl').waitFor()
      await user.goTo('mine')
    },
    ready: page => page.getByText('Donaudampf'),
  },
  { name: 'site-not-found', at: 'site', path: '/no-such-page', expected: / 404 / },
]
