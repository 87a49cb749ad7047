/** HubToken: the access token of an instance, from a variable, or from a file that may be renewed. */
import { readFileSync, statSync } from 'node:fs'
import { ConfigError } from '../../errors.ts'
import { Secret } from '../../secret/secret.ts'

export class HubToken {
  readonly #path: string | undefined
  #token: Secret
  #stamp = ''

  /**
   * @param given the token itself, or the path of a file that holds it and nothing else
   * @throws {ConfigError} ERR_CONFIG_SOURCE
   */
  constructor(given: { readonly token: string } | { readonly path: string }) {
    if ('token' in given) {
      if (!isToken(given.token))
        throw new ConfigError('ERR_CONFIG_SOURCE', 'KEYTURN_TOKEN does not hold an access token of the hub')
      this.#token = new Secret(given.token)
      return
    }
    this.#path = given.path
    this.#stamp = stampOf(given.path)
    const found = readToken(given.path)
    if (found === undefined)
      throw new ConfigError(
        'ERR_CONFIG_SOURCE',
        `KEYTURN_TOKEN_FILE names ${given.path}, which cannot be read or does not hold an access token of the hub`,
      )
    this.#token = new Secret(found)
  }

  /** The token; the file is read again when it was changed. */
  current(): Secret {
    if (this.#path !== undefined && stampOf(this.#path) !== this.#stamp) this.#read(this.#path)
    return this.#token
  }

  /** After a refusal: whether the file holds another token than the one refused. */
  isRenewed(refused: Secret): boolean {
    if (this.#path !== undefined) this.#read(this.#path)
    return this.#token.reveal() !== refused.reveal()
  }

  /** A file that is being replaced can be away or empty for a moment: the token held stays. */
  #read(path: string): void {
    const stamp = stampOf(path)
    const found = readToken(path)
    if (found === undefined) return
    this.#stamp = stamp
    if (found !== this.#token.reveal()) this.#token = new Secret(found)
  }
}

/** RFC 6750: what follows Bearer. */
const isToken = (text: string): boolean => /^[\w.~+/=-]{1,4096}$/.test(text)

function readToken(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return isToken(text) ? text : undefined
  } catch {
    return undefined
  }
}

/** Changes with the file. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return ''
  }
}
