/** runShow: one live line a second, while somebody rotates in a second terminal. */
import { setTimeout as sleep } from 'node:timers/promises'
import { invitation } from './invitation.ts'
import type { LiveLine } from './live-line.ts'
import { liveText } from './live-text.ts'
import { readRing, SigningKey } from './ring-metrics.ts'
import type { Site } from './site.ts'

/** Seconds after a change of key until it is said that nobody was signed out. */
const verdictAfter = 3

/** Goes on until the process ends it. */
export async function runShow(site: Site, line: LiveLine): Promise<never> {
  line.print(invitation(site))
  const show = new Show(site, line)
  for (let second = 0; ; second += 1) {
    const next = sleep(1000)
    await show.look(second)
    await next
  }
}

class Show {
  readonly #site: Site
  readonly #line: LiveLine
  readonly #key = new SigningKey()
  #generation = 0
  #requests = 0
  #signedOut = 0
  /** The second in which another key began to sign, until it is told what that did to the users. */
  #changed: number | undefined
  /** While users are at the login page: since which second, and how many had been there before. */
  #crush: { readonly since: number; readonly before: number } | undefined

  constructor(site: Site, line: LiveLine) {
    this.#site = site
    this.#line = line
  }

  async look(second: number): Promise<void> {
    const { crowd, urls } = this.#site
    const rings = await Promise.all(urls.map(readRing))
    if (this.#site.isClosing) return
    const generations = rings.map(ring => ring?.generation)
    await this.#tellRing(
      second,
      Math.max(...generations.map(generation => generation ?? 0)),
      this.#key.update(rings),
    )
    this.#tellPeople(second)
    const { requests } = crowd.traffic
    const state = {
      second,
      requests,
      perSecond: requests - this.#requests,
      refused: crowd.traffic.refused,
      signedIn: crowd.present,
      signedOut: crowd.users.length - crowd.present,
      kid: this.#key.kid,
      generations,
    }
    this.#requests = requests
    this.#line.update(liveText(state, this.#line.width))
  }

  async #tellRing(second: number, newest: number, isOtherKey: boolean): Promise<void> {
    const isNews = newest > this.#generation && this.#generation > 0
    this.#generation = Math.max(newest, this.#generation)
    const news = [
      ...(isNews ? [`generation ${newest}`] : []),
      ...(isOtherKey ? [`key ${this.#key.kid} signs`] : []),
    ]
    if (news.length > 0) this.#line.print(`  ${news.join(', ')}`)
    if (isOtherKey) this.#changed = second
    if (!isNews) return
    const restored = await this.#site.crowd.retryEnded()
    if (restored === 0) return
    const what = restored === 1 ? '1 old session works' : `${restored} old sessions work`
    this.#line.print(`  ${what} again; who logged in meanwhile stays signed in`)
  }

  #tellPeople(second: number): void {
    const { crowd } = this.#site
    const isSpreading = crowd.signedOut > this.#signedOut
    if (isSpreading) this.#crush ??= { since: second, before: this.#signedOut }
    this.#signedOut = crowd.signedOut
    if (this.#crush) {
      if (isSpreading || crowd.present < crowd.users.length) return
      const count = crowd.signedOut - this.#crush.before
      const why = `"Token expired", reason ${crowd.reason}`
      this.#line.print(
        `  signed out: ${count} (${why}); all logged in again within ${second - this.#crush.since + 1} s`,
      )
      this.#crush = undefined
      this.#changed = undefined
    } else if (this.#changed !== undefined && second - this.#changed >= verdictAfter) {
      this.#line.print('  nobody was signed out')
      this.#changed = undefined
    }
  }
}
