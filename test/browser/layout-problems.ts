/** layoutProblems: text that a reader cannot see, or reaches only by scrolling sideways. */
import type { Page } from '@playwright/test'

/** One line for each. Runs whole inside the page. */
export const layoutProblems = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const slack = 1
    const root = document.documentElement
    const found = new Set<string>()

    const describe = (element: Element, text: string): string =>
      `<${element.tagName.toLowerCase()}${element.id && `#${element.id}`}> "${text.trim().slice(0, 60)}"`

    const clips = (value: string): boolean => value === 'hidden' || value === 'clip'
    const scrolls = (value: string): boolean => value === 'auto' || value === 'scroll'

    /** For screen readers only: a box of a pixel, nothing of it left, or wholly outside where nobody can scroll. */
    const isHiddenOnPurpose = (element: Element): boolean => {
      for (let each: Element | null = element; each; each = each.parentElement) {
        const { width, height, right, bottom } = each.getBoundingClientRect()
        const style = getComputedStyle(each)
        const isCut = style.clipPath !== 'none' || (width <= 1 && height <= 1)
        // A link that comes into the window when it gets the focus.
        const isAway = right + scrollX <= 0 || bottom + scrollY <= 0
        if (/absolute|fixed/.test(style.position) && (isCut || isAway)) return true
      }
      return false
    }

    /** Why a box of text is not to be seen whole. */
    const problemOf = (text: DOMRect, element: Element): string | undefined => {
      for (let each: Element | null = element; each && each !== root; each = each.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(each)
        const box = each.getBoundingClientRect()
        if (scrolls(overflowX) || scrolls(overflowY)) return undefined
        if (clips(overflowX) && (text.left < box.left - slack || text.right > box.right + slack))
          return `is cut at the side by ${describe(each, '')}`
        if (clips(overflowY) && (text.top < box.top - slack || text.bottom > box.bottom + slack))
          return `is cut below or above by ${describe(each, '')}`
        if (position === 'fixed') break
      }
      if (text.left < -slack || text.right > root.clientWidth + slack) return 'is beside the window'
      return undefined
    }

    if (root.scrollWidth > root.clientWidth)
      found.add(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`)
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      const text = node.textContent ?? ''
      if (!element || text.trim() === '' || !element.checkVisibility({ visibilityProperty: true })) continue
      if (isHiddenOnPurpose(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        if (box.width === 0 || box.height === 0) continue
        const problem = problemOf(box, element)
        if (problem !== undefined) found.add(`${describe(element, text)} ${problem}`)
      }
    }
    return [...found]
  })
