/** Traffic: users who show their tokens everywhere, and an attacker who knows every secret there ever was. */
import { TokenError } from '../../src/errors.ts'
import { forge } from '../keyring-fixtures.ts'
import { isRevoked, keyOf } from './key-facts.ts'
import type { SimulatedInstance } from './simulated-instance.ts'
import { TokenWatch, type Arrival, type SentToken } from './token-watch.ts'
import { startOfTime } from './virtual-process.ts'
import type { Generation } from './virtual-store.ts'
import type { World } from './world.ts'

/** The attacker's tokens live long, seconds. */
const forgedLife = 3_600

export class Traffic {
  readonly #world: World
  readonly #watch: TokenWatch
  #forged = 0

  constructor(world: World) {
    this.#world = world
    this.#watch = new TokenWatch(world)
  }

  /** Somebody logs in every few seconds; now and then somebody tries a kid that never was. */
  start(): void {
    const { scheduler, dice, fleet } = this.#world
    scheduler.after(dice.between(500, 7_000), () => {
      const { reachable } = fleet
      if (reachable.length > 0) this.#logIn(dice.one(reachable), 3)
      if (reachable.length > 0 && dice.percent(15)) this.#tryRandomKid(dice.one(reachable))
      this.start()
    })
  }

  /** The first token of a key is shown to everybody at once. */
  onNewSigner(instance: SimulatedInstance): void {
    const { scheduler, dice } = this.#world
    scheduler.after(dice.between(0, 5), () => this.#logIn(instance, 2, this.#world.fleet.reachable))
  }

  /** What was revoked is tried when everybody must have heard of it, and before. */
  onCommit({ document }: Generation, before: Generation): void {
    const { limits, scheduler, dice } = this.#world
    for (const { kid } of before.document.keys) {
      if (isRevoked(keyOf(before.document, kid)) || !isRevoked(keyOf(document, kid))) continue
      const bound = limits.maxStale * 1000
      for (const wait of [bound + 1, bound + dice.between(2, 4_000), dice.between(0, bound)])
        scheduler.after(wait, () => this.tryLeaked(kid))
    }
  }

  /** @param others to show the token to at once */
  #logIn(instance: SimulatedInstance, shows: number, others: readonly SimulatedInstance[] = []): void {
    const { dice, journal } = this.#world
    const { maxTokenLife } = this.#world.limits
    const life = dice.percent(70) ? maxTokenLife : dice.between(5, maxTokenLife)
    instance.process.receive(() => {
      const { keyring } = instance
      if (!keyring || !instance.isReachable) return
      try {
        const text = keyring.sign({ sub: 'user' }, { expiresIn: life })
        const [header, payload] = text.split('.').map(part => Buffer.from(part, 'base64url').toString())
        const { kid } = JSON.parse(header ?? '') as { kid: string }
        const { iat, exp } = JSON.parse(payload ?? '') as { iat: number; exp: number }
        const generation = this.#watch.onSigned(instance, kid)
        if (!generation) return
        const signer = { name: instance.name, offset: instance.host.machine.offset, generation }
        const token = { text, kid, iat, exp, signer }
        for (const each of others) this.#show(token, each, dice.between(0, 40))
        for (let show = 0; show < shows; show += 1) this.#showSomebody(token, dice.between(0, life * 1000))
      } catch (error) {
        if (!(error instanceof TokenError) || error.status !== 503) throw error
        journal.count(`signing answered 503: ${error.code}`)
      }
    })
  }

  #showSomebody(token: SentToken, wait: number): void {
    this.#world.scheduler.after(wait, () => {
      const { reachable } = this.#world.fleet
      if (reachable.length > 0) this.#show(token, this.#world.dice.one(reachable), 0)
    })
  }

  #show(token: SentToken, instance: SimulatedInstance, wait: number): void {
    this.#world.scheduler.after(wait, () => instance.process.receive(() => this.#ask(token, instance)))
  }

  #ask(token: SentToken, instance: SimulatedInstance): void {
    const { keyring, document } = instance
    if (!keyring || !document || !instance.isReachable) return
    const arrival: Arrival = { instance, token, wasKnown: keyOf(document, token.kid) !== undefined }
    keyring.authenticate(token.text).then(
      () => this.#watch.onAccepted(arrival),
      (error: unknown) => {
        if (error instanceof TokenError) this.#watch.onRefused(arrival, error)
        else this.#world.journal.violate('nothing fails in an unknown way', String(error))
      },
    )
  }

  /** Shows a forged token of a key to everybody. */
  tryLeaked(kid: string): void {
    const secret = this.#world.store.secrets.get(kid)
    if (!secret) return
    const iat = this.#now() - 1
    const token = {
      text: forge(secret, { iat, exp: iat + forgedLife }, { kid }),
      kid,
      iat,
      exp: iat + forgedLife,
    }
    for (const instance of this.#world.fleet.reachable) this.#show(token, instance, 0)
  }

  /** Nobody knows such a key, and everybody may ask. */
  #tryRandomKid(instance: SimulatedInstance): void {
    const [secret] = this.#world.store.secrets.values()
    if (!secret) return
    this.#forged += 1
    const kid = `nobody-${this.#forged}`
    const iat = this.#now()
    const token = {
      text: forge(secret, { iat, exp: iat + forgedLife }, { kid }),
      kid,
      iat,
      exp: iat + forgedLife,
    }
    this.#show(token, instance, 0)
  }

  /** Signs everywhere and shows it everywhere. */
  crossCheck(): void {
    const { reachable } = this.#world.fleet
    for (const instance of reachable) this.#logIn(instance, 0, reachable)
  }

  /** The truth, epoch seconds. */
  #now(): number {
    return Math.floor((startOfTime + this.#world.scheduler.now) / 1000)
  }
}
