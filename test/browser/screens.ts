/** screens: every page that a person may see, for the sweep. */
import { consoleScreens } from './console-screens.ts'
import { hubScreens } from './hub-screens.ts'
import { siteScreens } from './site-screens.ts'
import type { Page } from '@playwright/test'
import type { Role } from './hub-caller.ts'
import type { SiteUser } from './site-user.ts'
import type { Story } from './story.ts'

export interface Screen {
  /** Also of its pictures. */
  readonly name: string
  readonly at: 'hub' | 'site'
  readonly path: string | ((story: Story) => string)
  /** Who is logged in at the hub. @default nobody */
  readonly role?: Role
  /** Whether somebody is logged in at the site. @default false */
  readonly isMember?: boolean
  /** @default true */
  readonly script?: boolean
  /** What is done there before it is looked at. */
  readonly act?: (page: Page, user: SiteUser | undefined) => Promise<void>
  /** What is there once the page is. @default its first heading */
  readonly ready?: (page: Page) => ReturnType<Page['locator']>
  /** What its requests may be answered with. */
  readonly expected?: RegExp
}

export const screens: readonly Screen[] = [...hubScreens, ...consoleScreens, ...siteScreens]
