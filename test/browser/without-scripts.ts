/** withoutScripts: a page as it is with JavaScript off. With it really off, nothing can look at the page. */
import type { Page } from '@playwright/test'

export const withoutScripts = (page: Page): Promise<unknown> =>
  page.route('**', async route => {
    const type = route.request().resourceType()
    if (type === 'script') return route.fulfill({ contentType: 'text/javascript', body: '' })
    if (type !== 'document') return route.continue()
    const response = await route.fetch()
    const body = (await response.text()).replaceAll(/(<\/?)noscript\b/g, '$1div')
    return route.fulfill({ response, body })
  })
