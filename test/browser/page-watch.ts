/** PageWatch: whatever a page does that no page should, and that the test did not announce. */
import type { BrowserContext } from '@playwright/test'

export class PageWatch {
  readonly #origins: readonly string[]
  readonly #found: string[] = []
  readonly #announced: RegExp[] = []

  /** @param origins that pages may speak to */
  constructor(origins: readonly string[]) {
    this.#origins = origins
  }

  /** Before its first page is made. */
  async watch(context: BrowserContext): Promise<void> {
    context.on('console', message => {
      if (message.type() === 'error') this.#add(`console: ${message.text()} ${message.location().url}`)
    })
    context.on('weberror', error => this.#add(`exception: ${error.error().message}`))
    context.on('request', request => {
      const { protocol, origin } = new URL(request.url())
      if (protocol.startsWith('http') && !this.#origins.includes(origin))
        this.#add(`another origin: ${request.url()}`)
    })
    context.on('requestfailed', request => {
      const why = request.failure()?.errorText ?? ''
      // The page went elsewhere, or was closed: nothing failed.
      if (why !== 'net::ERR_ABORTED') this.#add(`failed: ${request.method()} ${request.url()} ${why}`)
    })
    await context.exposeBinding('keyturnViolation', (_, text: string) => this.#add(`policy: ${text}`))
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
        const { keyturnViolation } = globalThis as unknown as { keyturnViolation: (text: string) => void }
        keyturnViolation(`${effectiveDirective} ${blockedURI}`)
      })
    })
  }

  /** What fits is right in this test. */
  expect(...what: readonly RegExp[]): void {
    this.#announced.push(...what)
  }

  get unexpected(): readonly string[] {
    return this.#found.filter(each => !this.#announced.some(announced => announced.test(each)))
  }

  #add(what: string): void {
    this.#found.push(what)
  }
}
