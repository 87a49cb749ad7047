/** TokenWatch: what must hold of every token that is signed, accepted or refused. */
import type { TokenError } from '../../src/errors.ts'
import { isRevoked, isTrusted, keyOf, numberOf } from './key-facts.ts'
import type { SimulatedInstance } from './simulated-instance.ts'
import type { Generation } from './virtual-store.ts'
import type { World } from './world.ts'

/** A token on its way. Times are epoch seconds of the clock that wrote them. */
export interface SentToken {
  readonly text: string
  readonly kid: string
  readonly iat: number
  readonly exp: number
  /** Absent: somebody else made it. */
  readonly signer?: { readonly name: string; readonly offset: number; readonly generation: Generation }
}

/** A request as it arrived. */
export interface Arrival {
  readonly instance: SimulatedInstance
  readonly token: SentToken
  /** Whether the key was known when the token arrived. */
  readonly wasKnown: boolean
}

/** A wrong clock is the gate's business from here on, in milliseconds. */
const mostOffset = 30_000

export class TokenWatch {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** @returns the generation that it was signed with */
  onSigned(instance: SimulatedInstance, kid: string): Generation | undefined {
    const { journal, scheduler, store } = this.#world
    const held = instance.document && store.generationOf(instance.document)
    const label = journal.label('key-', kid)
    journal.count('token signed')
    journal.note(`${instance.name} signs with ${label}`)
    if (!held) {
      journal.violate('one key signs, and no way back', `${instance.name} holds what nobody committed`)
      return undefined
    }
    const state = keyOf(held.document, kid)?.state
    if (state !== 'active')
      journal.violate(
        'one key signs, and no way back',
        `${instance.name} signs with ${label}, which is ${state ?? 'not there'} in ${numberOf(held.document)}`,
      )
    this.#checkAge(instance, kid, held, scheduler.now, 'signs')
    return held
  }

  onAccepted({ instance, token }: Arrival): void {
    const { journal, scheduler, store } = this.#world
    const held = instance.document && store.generationOf(instance.document)
    journal.count(token.signer ? 'token accepted' : 'leaked key accepted in time')
    if (!held) return
    const { kid } = token
    const label = journal.label('key-', kid)
    const key = keyOf(held.document, kid)
    const now = instance.process.now() / 1000
    if (!isTrusted(key, now) || now >= token.exp)
      journal.violate(
        'what is revoked is dead within maxStale',
        `${instance.name} accepts ${label}, which is ${key?.state ?? 'not there'} in ${numberOf(held.document)}`,
      )
    this.#checkAge(instance, kid, held, scheduler.now, 'accepts')
  }

  /** Nobody decides with a generation that was replaced more than maxStale ago. */
  #checkAge(instance: SimulatedInstance, kid: string, held: Generation, now: number, does: string): void {
    const { journal, limits, commits } = this.#world
    const label = journal.label('key-', kid)
    const compromisedAt = commits.compromised.get(kid) ?? Infinity
    const age = now - (held.endedAt ?? Infinity)
    if (now - compromisedAt > limits.maxStale * 1000)
      journal.violate('compromised stays compromised', `${instance.name} ${does} ${label}`)
    else if (age > limits.maxStale * 1000)
      journal.violate(
        'what is revoked is dead within maxStale',
        `${instance.name} ${does} ${label} by generation ${numberOf(held.document)}, which was replaced ${age} ms ago`,
      )
  }

  onRefused(arrival: Arrival, error: TokenError): void {
    const { journal } = this.#world
    const { instance, token } = arrival
    const { code, status } = error
    journal.count(`${token.signer ? 'token' : 'attack'} answered ${status}: ${code}`)
    if (!token.signer) return
    const why = status === 503 ? this.#isNeedless(arrival, code) : this.#isWrong(arrival, code)
    const held = instance.document ? numberOf(instance.document) : 'nothing'
    journal.note(`${instance.name} at ${held} refuses ${journal.label('key-', token.kid)}: ${status} ${code}`)
    if (why === undefined) return
    journal.violate(
      status === 503 ? 'no needless 503' : 'no valid token is refused',
      `${instance.name} at ${held} answers ${status} ${code} to a token of ${token.signer.name}, signed with ` +
        `${journal.label('key-', token.kid)} at ${numberOf(token.signer.generation.document)}: ${why}`,
    )
  }

  /** Why a 401 is wrong, if it is. */
  #isWrong({ instance, token }: Arrival, code: string): string | undefined {
    const { limits, store } = this.#world
    const { signer, kid } = token
    const now = instance.process.now() / 1000
    const offset = instance.host.machine.offset
    if (!signer || now >= token.exp || signer.generation.isForgotten) return undefined
    if (code === 'ERR_TOKEN_ISSUED_IN_FUTURE') {
      const isClockAtFault = Math.max(Math.abs(offset), Math.abs(signer.offset)) > mostOffset
      return isClockAtFault && token.iat - now > limits.tolerance ? undefined : 'the clocks are near enough'
    }
    const held = instance.document && store.generationOf(instance.document)
    if (!held) return 'it holds what nobody committed'
    const key = keyOf(held.document, kid)
    if (isTrusted(key, now)) return 'it holds the key'
    // Twice the tolerance is what the grace has for clocks.
    if (signer.offset > 2 * limits.tolerance * 1000 && !isRevoked(key)) return undefined
    if (key?.state === 'retiring') return 'the grace was too short'
    // What signs in the epoch after a restored backup was published to nobody.
    if (signer.generation.document.epoch > held.document.epoch) return undefined
    const wasRevoked = store.history
      .slice(signer.generation.index + 1, held.index + 1)
      .some(({ document }) => isRevoked(keyOf(document, kid)))
    return wasRevoked ? undefined : 'nobody has revoked the key since'
  }

  /** Why a 503 was not needed, if so. */
  #isNeedless({ instance, wasKnown }: Arrival, code: string): string | undefined {
    const { scheduler, limits, network } = this.#world
    const calm = scheduler.now - instance.troubleAt
    if (calm <= (limits.maxStale + limits.lease) * 1000 || network.isCut(instance.process)) return undefined
    if (code === 'ERR_KEY_UNKNOWN' && !wasKnown) return undefined
    return `nothing has troubled it for ${Math.round(calm / 1000)} s`
  }
}
