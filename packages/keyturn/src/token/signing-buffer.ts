/** SigningBuffer: where a token lies as bytes while its MAC is made. One for the process: nothing here waits. */
import { rawBuffer, type RawBuffer } from './raw-buffer.ts'

/** What the hash function reads at once. RFC 2104 §2. */
export type BlockSize = 64 | 128

// Layout: room for the MAC of a token, the pad of a key (it ends where the message starts, so that a hash reads
// both at once), the message.
const macEnd = 96
const messageAt = macEnd + 128
/** A longer message gets a view of its own each time. */
const mostViews = 8192

let bytes: RawBuffer
let views: Record<BlockSize, (Buffer | undefined)[]>
let macs: (Buffer | undefined)[]
let pad: Uint8Array | undefined
let loads = 0

function allocate(size: number): void {
  // Room for one more character than there may be, so that a text beyond ASCII that is cut is not taken for one that fits.
  bytes = rawBuffer(messageAt + size + 4)
  views = { 64: [], 128: [] }
  macs = []
  pad = undefined
}
allocate(mostViews)

/** Writes a text as the message. Returns a ticket for `isLoaded`, or 0 if the text is not ASCII. */
export function loadText(text: string): number {
  if (messageAt + text.length + 4 > bytes.length) allocate(text.length)
  loads += 1
  // UTF-8 and not Latin-1, which would cut U+0141 down to an A.
  return bytes.utf8Write(text, messageAt) === text.length ? loads : 0
}

/** Writes bytes as the message, and behind them an ASCII text. Returns the length of both. */
export function loadBytes(message: Uint8Array, text = ''): number {
  const length = message.length + text.length
  if (messageAt + length + 4 > bytes.length) allocate(length)
  loads += 1
  bytes.set(message, messageAt)
  bytes.latin1Write(text, messageAt + message.length)
  return length
}

/** Whether the message is still the one of that ticket. */
export function isLoaded(ticket: number): boolean {
  return ticket === loads
}

/** The first `length` bytes of the message. */
export function message(length: number): Buffer {
  return bytes.subarray(messageAt, messageAt + length)
}

/** A key's pad, of one block, and right behind it the first `length` bytes of the message. */
export function paddedMessage(key: Uint8Array, length: number): Buffer {
  const block = key.length as BlockSize
  if (pad !== key) bytes.set(key, messageAt - block)
  pad = key
  if (length > mostViews) return bytes.subarray(messageAt - block, messageAt + length)
  // A view costs about 60 ns to make; one for each length is kept.
  return (views[block][length] ??= bytes.subarray(messageAt - block, messageAt + length))
}

/** `length` bytes of the message from `start` on, which is where a token has its MAC. Valid until the next call. */
export function macAt(start: number, length: number): Buffer {
  bytes.copyWithin(0, messageAt + start, messageAt + start + length)
  return (macs[length] ??= bytes.subarray(0, length))
}
