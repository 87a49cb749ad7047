/** sweep: one screen in one language: light and dark, narrow, and with large letters. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { layoutProblems } from './layout-problems.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const wide = { width: 1280, height: 800 }
const narrow = { width: 320, height: 640 }
const pictures = 'test-results/screens'

/** Finds every problem before it fails. @param name of the pictures */
export async function sweep(page: Page, name: string): Promise<void> {
  await page.setViewportSize(wide)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await picture(page, `${name}-${colorScheme}`)
    expect.soft(await accessibilityProblems(page), `accessibility, ${colorScheme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  expect.soft(await layoutProblems(page), 'layout').toEqual([])

  await page.setViewportSize(narrow)
  await picture(page, `${name}-narrow`)
  expect.soft(await layoutProblems(page), 'layout at 320 px').toEqual([])

  // What a browser makes of 200 %: half as many pixels. And letters alone at twice their size.
  await page.setViewportSize({ width: wide.width / 2, height: wide.height / 2 })
  expect.soft(await layoutProblems(page), 'layout at 200 %').toEqual([])
  await page.setViewportSize(wide)
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'))
  expect.soft(await layoutProblems(page), 'layout with letters at 200 %').toEqual([])
}

/** Each rule that is broken, and where. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode().analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  )
}

const picture = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true, animations: 'disabled' })
