/** hubScreens: the pages that the hub renders by itself. They work without scripts. */
import type { Screen } from './screens.ts'

const ring = 'immonow/production'
const submit = 'main button[type=submit]'

export const hubScreens: readonly Screen[] = [
  { name: 'setup', at: 'hub', path: '/setup#no-secret' },
  { name: 'setup-without-link', at: 'hub', path: '/setup' },
  { name: 'setup-without-script', at: 'hub', path: '/setup', script: false },
  { name: 'hub-login', at: 'hub', path: '/login' },
  {
    name: 'hub-login-refused',
    at: 'hub',
    path: '/login',
    act: async page => {
      await page.locator('[name=name]').fill('nobody')
      await page.locator('[name=password]').fill('no password at all')
      await page.locator(submit).click()
    },
    ready: page => page.locator('[role=alert]'),
    expected: / 401 /,
  },
  {
    name: 'emergency-choose',
    at: 'hub',
    path: '/emergency?ring=no/such',
    role: 'operator',
    expected: / 404 /,
  },
  { name: 'emergency', at: 'hub', path: `/emergency?ring=${ring}`, role: 'operator', script: false },
  {
    name: 'emergency-refused',
    at: 'hub',
    path: `/emergency?ring=${ring}`,
    role: 'operator',
    act: page => page.locator(submit).click(),
    expected: / 400 /,
  },
  {
    name: 'emergency-forbidden',
    at: 'hub',
    path: `/emergency?ring=${ring}`,
    role: 'viewer',
    expected: / 403 /,
  },
  {
    name: 'emergency-course',
    at: 'hub',
    path: ({ emergency }) => `/emergency/${ring}/${emergency}`,
    role: 'viewer',
    script: false,
  },
  {
    name: 'emergency-report',
    at: 'hub',
    path: ({ emergency }) => `/emergency/${ring}/${emergency}/report`,
    role: 'viewer',
    script: false,
  },
]
