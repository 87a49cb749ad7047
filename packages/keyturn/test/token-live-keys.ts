/** LiveTestKeys: a key set that tests change under a verifier. */
import { createKeySet, type KeyInput, type KeySet, type NamedKey } from '../src/token/index.ts'

export class LiveTestKeys implements KeySet {
  #current: KeySet

  constructor(inputs: readonly KeyInput[]) {
    this.#current = createKeySet(inputs)
  }

  /** From now on there are these keys, made anew. */
  become(inputs: readonly KeyInput[]): void {
    this.#current = createKeySet(inputs)
  }

  /** From now on every question about a key has this answer. */
  answer(find: KeySet['find'], candidates: () => readonly NamedKey[] = () => []): void {
    this.#current = { find, candidates }
  }

  find(kid: string, now: number): ReturnType<KeySet['find']> {
    return this.#current.find(kid, now)
  }

  candidates(now: number): ReturnType<KeySet['candidates']> {
    return this.#current.candidates(now)
  }
}
