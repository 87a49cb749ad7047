/** The port that keeps a ring: one document and its secrets, changed whole. */
import type { RingDocument } from '../ring/document.ts'
import type { Secret } from '../secret/secret.ts'

/** A ring: the document, and the bytes of the keys that have bytes, by kid. */
export interface Ring {
  readonly document: RingDocument
  readonly secrets: ReadonlyMap<string, Secret>
  /** Set when a person changed the values by hand since the document was written. */
  readonly edited?: HandEdit
}

/** The values found in the store, where they differ from the document. */
export interface HandEdit {
  readonly active: Secret
  readonly staged?: Secret
  readonly retiring: readonly Secret[]
  readonly suspended: readonly Secret[]
  readonly legacy?: Secret
}

/** What a writer believes the store holds. */
export interface Expected {
  readonly epoch: number
  readonly generation: number
  /** Hash of the document, see `hashOf`. */
  readonly hash: string
}

/** What an instance needs of a store. Promises: a read is whole, and was answered by the primary store. */
export interface RingReader {
  /** Where the ring is, for messages. Never a secret or a connection string. */
  readonly name: string
  /**
   * The ring, or undefined when there is none.
   * @throws {StoreError} ERR_STORE_DENIED, ERR_STORE_UNREACHABLE, ERR_STORE_INVALID
   * @throws {RingError} ERR_RING_INVALID when the document cannot be read
   */
  read(): Promise<Ring | undefined>
  /** Calls `hint` when the ring may have changed. Hints may be lost; polling is the truth. Returns a stop function. */
  watch?(hint: () => void): () => void
}

/** What changes a ring. Promises: a swap is atomic, durable when it returns, and has one winner. */
export interface RingStore extends RingReader {
  /**
   * Puts `next` in place if the store still holds what was expected. Secrets of keys without bytes are erased.
   * An empty store is expected as generation 0.
   * @throws {RingError} ERR_RING_CONFLICT when it does not
   * @throws {StoreError} when it could not be written; nothing has changed then
   */
  compareAndSwap(expected: Expected, next: Ring): Promise<void>
  /** Time of the store, epoch milliseconds: changes are stamped with it. */
  now(): Promise<number>
}
