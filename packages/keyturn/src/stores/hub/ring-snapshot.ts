/** ringSnapshot: the last ring an instance held, in a file that only the holder of its token can read. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { StoreError } from '../../errors.ts'
import type { RingSnapshot } from '../../ports/live-source.ts'
import type { Secret } from '../../secret/secret.ts'
import { asStoreError, replaceFile } from '../replace-file.ts'
import { contentOf, ringIn } from './ring-content.ts'

/** The file: version, salt, nonce, tag, then what is sealed. */
const version = Buffer.from('keyturn/snapshot/v1\n')
const saltLength = 32
const nonceLength = 12
const tagLength = 16
const headLength = version.length + saltLength + nonceLength + tagLength
const mostBytes = 4_194_304

export interface RingSnapshotOptions {
  readonly path: string
  /** The token of this moment: one that was renewed opens no snapshot of before. */
  readonly token: () => Secret
  /** Address of the hub. */
  readonly url: string
  readonly ring: string
}

/**
 * Sealed with AES-256-GCM under a key from the token, with version, address and ring as associated data.
 * `load` answers undefined for a file that is missing, damaged, or another token's, hub's or ring's; it throws
 * ERR_STORE_MODE for one that others can read, and what a file system says. `save` throws as `replaceFile`.
 */
export function ringSnapshot(options: RingSnapshotOptions): RingSnapshot {
  const { path, url, ring: name } = options
  const context = Buffer.concat([version, Buffer.from(JSON.stringify([url, name]))])
  const keyFor = (salt: Uint8Array): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', options.token().bytes(), salt, context, 32))

  return {
    load: async () => {
      const file = readPrivate(path)
      const content = file && opened(file, keyFor, context)
      if (content === undefined) return undefined
      try {
        const { confirmedAt, ...rest } = JSON.parse(content) as { confirmedAt: unknown }
        if (typeof confirmedAt !== 'number') return undefined
        return { ring: ringIn(rest, name, `the snapshot ${path}`), confirmedAt }
      } catch {
        // Written by another version of this library.
        return undefined
      }
    },
    save: async (ring, confirmedAt) => {
      const salt = randomBytes(saltLength)
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', keyFor(salt), nonce).setAAD(context)
      const content = JSON.stringify({ ...contentOf(ring), confirmedAt })
      const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()])
      replaceFile(path, Buffer.concat([version, salt, nonce, cipher.getAuthTag(), sealed]))
    },
  }
}

function opened(
  file: Buffer,
  keyFor: (salt: Uint8Array) => Uint8Array,
  context: Uint8Array,
): string | undefined {
  if (file.length < headLength || !file.subarray(0, version.length).equals(version)) return undefined
  let at = version.length
  const next = (length: number): Buffer => file.subarray(at, (at += length))
  const [salt, nonce, tag] = [next(saltLength), next(nonceLength), next(tagLength)]
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFor(salt), nonce, { authTagLength: tagLength })
    decipher.setAAD(context).setAuthTag(tag)
    return Buffer.concat([decipher.update(file.subarray(at)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** @throws {StoreError} ERR_STORE_MODE when others can read it */
function readPrivate(path: string): Buffer | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw asStoreError(error, path)
  }
  try {
    const { mode, size } = fstatSync(file)
    if ((mode & 0o077) !== 0)
      throw new StoreError('ERR_STORE_MODE', `others can read the snapshot ${path}: it is not used`)
    return size > mostBytes ? undefined : readFileSync(file)
  } catch (error) {
    throw asStoreError(error, path)
  } finally {
    closeSync(file)
  }
}
