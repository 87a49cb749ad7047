/** PageClient: somebody with a browser that knows no JavaScript: cookies, forms, and redirects that are looked at. */
import type { Role } from '../src/access/scopes.ts'
import type { Answer, TestHub } from './running-hub.ts'

export class PageClient {
  readonly #hub: TestHub
  readonly #cookies = new Map<string, string>()
  #language = 'en'

  constructor(hub: TestHub) {
    this.#hub = hub
  }

  /** With a session of an operator of that role. */
  static async of(hub: TestHub, role: Role): Promise<PageClient> {
    const client = new PageClient(hub)
    const { headers } = await hub.session(role)
    client.#take([headers['cookie'] ?? ''])
    return client
  }

  speak(language: string): this {
    this.#language = language
    return this
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  setCookie(name: string, value: string): this {
    this.#cookies.set(name, value)
    return this
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#taken(await this.#hub.call(`GET ${path}`, { headers: { ...this.#headers(), ...headers } }))
  }

  async post(path: string, fields: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const body = new URLSearchParams(fields as Record<string, string>).toString()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await this.#hub.call(`POST ${path}`, {
      headers: { ...this.#headers(), ...type, ...headers },
      body,
    })
    return this.#taken(answer)
  }

  #headers(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { 'accept-language': this.#language, ...(cookie !== '' && { cookie }) }
  }

  #taken(answer: Answer): Answer {
    this.#take(answer.headers['set-cookie'] ?? [])
    return answer
  }

  #take(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}

/** The hidden fields of a page's last form. */
export function hiddenIn({ text }: Answer): Readonly<Record<string, string>> {
  const form = text.slice(text.lastIndexOf('<form'))
  return Object.fromEntries(
    [...form.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)].map(match => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  )
}
