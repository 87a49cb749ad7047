/** consoleScreens: the screens of the console. */
import type { Screen } from './screens.ts'

const ring = '/rings/immonow/production'

/** Headings come with the data; the charts of the overview are there once their width is known. */
const chart: Screen['ready'] = page => page.locator('figure svg').first()

const tables: Screen['act'] = async page => {
  for (const button of await page.locator('figure button').all()) await button.click()
}

export const consoleScreens: readonly Screen[] = [
  { name: 'overview', at: 'hub', path: ring, role: 'operator', ready: chart },
  { name: 'overview-48-hours', at: 'hub', path: `${ring}?range=2880`, role: 'viewer', ready: chart },
  {
    name: 'overview-tables',
    at: 'hub',
    path: ring,
    role: 'viewer',
    act: async (page, user) => {
      await page.locator('figure svg').first().waitFor()
      await tables(page, user)
    },
    ready: page => page.locator('figure table').first(),
  },
  {
    name: 'account-menu',
    at: 'hub',
    path: ring,
    role: 'admin',
    act: page => page.locator('header summary').last().click(),
    ready: page => page.locator('header fieldset'),
  },
  {
    name: 'rotate',
    at: 'hub',
    path: `${ring}/rotate`,
    role: 'operator',
    ready: page => page.locator('main ol'),
  },
  {
    name: 'rotate-hard',
    at: 'hub',
    path: `${ring}/rotate?mode=hard`,
    role: 'operator',
    ready: page => page.locator('main ol'),
  },
  {
    name: 'rotate-viewer',
    at: 'hub',
    path: `${ring}/rotate`,
    role: 'viewer',
    ready: page => page.locator('#apply-role'),
  },
  {
    name: 'rotate-incomplete',
    at: 'hub',
    path: `${ring}/rotate`,
    role: 'operator',
    act: async page => {
      await page.locator('main ol').waitFor()
      await page.locator('main button[type=submit]').click()
    },
    ready: page => page.locator('[aria-invalid=true]'),
  },
  {
    name: 'rotation',
    at: 'hub',
    path: ({ rotation }) => `${ring}/rotations/${rotation}`,
    role: 'operator',
    ready: chart,
  },
  {
    name: 'rotation-emergency',
    at: 'hub',
    path: ({ emergency }) => `${ring}/rotations/${emergency}`,
    role: 'viewer',
    ready: chart,
  },
  {
    name: 'fleet',
    at: 'hub',
    path: `${ring}/fleet`,
    role: 'operator',
    ready: page => page.locator('main li').first(),
  },
  {
    name: 'fleet-table',
    at: 'hub',
    path: `${ring}/fleet?view=table`,
    role: 'viewer',
    ready: page => page.locator('main table'),
  },
  {
    name: 'audit',
    at: 'hub',
    path: `${ring}/audit`,
    role: 'viewer',
    ready: page => page.locator('main details, main tbody tr').first(),
  },
  {
    name: 'key',
    at: 'hub',
    path: ({ kid }) => `${ring}/keys/${kid}`,
    role: 'operator',
    ready: page => page.locator('main h2').first(),
  },
  {
    name: 'policy',
    at: 'hub',
    path: `${ring}/settings`,
    role: 'admin',
    ready: page => page.locator('main input').first(),
  },
  {
    name: 'settings',
    at: 'hub',
    path: '/settings',
    role: 'admin',
    ready: page => page.locator('main table').first(),
  },
  {
    name: 'settings-viewer',
    at: 'hub',
    path: '/settings',
    role: 'viewer',
    ready: page => page.locator('main input:not([hidden])').first(),
  },
  { name: 'first-run', at: 'hub', path: '/first-run', role: 'admin' },
  { name: 'first-run-ring', at: 'hub', path: '/first-run?ring=immonow/production', role: 'admin' },
  { name: 'console-not-found', at: 'hub', path: '/no/such/screen', role: 'viewer' },
  { name: 'no-such-ring', at: 'hub', path: '/rings/no/such', role: 'viewer', expected: / 404 / },
]
