/** SiteUser: somebody with an account at ImmoNow, in a browser. */
import { expect, type Page } from '@playwright/test'
import { textsDe } from '../../examples/immonow/web/src/i18n/texts-de.ts'
import { textsEn } from '../../examples/immonow/web/src/i18n/texts-en.ts'
import type { Language } from './language.ts'

let count = 0

export class SiteUser {
  readonly page: Page
  readonly texts: typeof textsDe | typeof textsEn
  readonly email: string
  readonly #password = 'a long enough pass phrase'

  private constructor(page: Page, language: Language) {
    this.page = page
    this.texts = language === 'de' ? textsDe : textsEn
    count += 1
    this.email = `user-${process.pid}-${count}@example.test`
  }

  /** Registers with the form, which logs in as well. */
  static async register(page: Page, language: Language): Promise<SiteUser> {
    const user = new SiteUser(page, language)
    const { account } = user.texts
    await page.goto('/register')
    await page.getByLabel(account.name, { exact: true }).fill('A. User')
    await page.getByLabel(account.email, { exact: true }).fill(user.email)
    await page.getByLabel(account.password, { exact: true }).fill(user.#password)
    await page.getByRole('button', { name: account.register }).click()
    await user.isIn()
    return user
  }

  /** With the form of the login page that is there. */
  async logIn(): Promise<void> {
    const { page, texts } = this
    await page.getByLabel(texts.account.email, { exact: true }).fill(this.email)
    await page.getByLabel(texts.account.password, { exact: true }).fill(this.#password)
    await page.getByRole('main').getByRole('button', { name: texts.account.logIn, exact: true }).click()
    await this.isIn()
  }

  async isIn(): Promise<void> {
    await expect(this.page.getByRole('button', { name: this.texts.site.logOut })).toBeVisible()
  }

  /** To a screen of the menu. */
  async goTo(screen: 'search' | 'write' | 'mine'): Promise<void> {
    const menu = this.page.getByRole('navigation', { name: this.texts.site.nav })
    await menu.getByRole('link', { name: this.texts.site[screen], exact: true }).click()
  }

  /** Key that signed the session, as the strip of the development build says. */
  async kid(): Promise<string> {
    return (await this.page.locator('.strip').getAttribute('data-kid')) ?? ''
  }
}
