/** HubCaller: an operator at the hub, as a browser's cookie makes one. */

export interface Session {
  readonly name: string
  readonly role: Role
  readonly cookie: { readonly name: string; readonly value: string }
  readonly csrf: string
}

export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

const json = { 'content-type': 'application/json' }

export class HubCaller {
  readonly session: Session
  readonly #hub: string

  private constructor(hub: string, session: Session) {
    this.#hub = hub
    this.session = session
  }

  /** By a one-time link. @param link of the hub, or path and fragment */
  static async enter(hub: string, link: string, name: string, password: string): Promise<HubCaller> {
    const body = JSON.stringify({ secret: secretOf(link), name, password })
    const entered = await fetch(`${hub}/v1/setup`, { method: 'POST', headers: json, body })
    if (!entered.ok) throw new Error(`set-up of ${name}: ${entered.status}`)
    const { role, csrf } = (await entered.json()) as { role: Role; csrf: string }
    const [cookie = '', value = ''] = (entered.headers.getSetCookie()[0]?.split(';')[0] ?? '').split('=')
    return new HubCaller(hub, { name, role, csrf, cookie: { name: cookie, value } })
  }

  /** @throws {Error} for any answer but a good one */
  async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const { cookie, csrf } = this.session
    const response = await fetch(this.#hub + path, {
      method,
      headers: {
        cookie: `${cookie.name}=${cookie.value}`,
        'x-keyturn-csrf': csrf,
        ...(body && json),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  /** A rotation, a rollback or an emergency, to its end. Its id. @param path below the ring. @throws {Error} unless it is done */
  async change(ring: string, path: string, body: object = {}): Promise<string> {
    const at = `/v1/rings/${encodeURIComponent(ring)}`
    let course = await this.ask<Course>('POST', at + path, { reason: 'a test', ...body })
    while (course.state === 'running')
      course = await this.ask<Course>('GET', `${at}/rotations/${course.id}?wait=2000`)
    if (course.state === 'failed') throw new Error(`${course.mode}: ${JSON.stringify(course.problem)}`)
    return course.id
  }
}

export interface Course {
  readonly id: string
  readonly mode: string
  readonly state: 'running' | 'done' | 'failed'
  readonly problem?: unknown
}

/** `/setup#SECRET.NAME` and `/setup#SECRET`. */
const secretOf = (link: string): string => link.slice(link.indexOf('#') + 1).split('.')[0] ?? ''
