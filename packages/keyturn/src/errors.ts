/** Every error of Keyturn: one table of codes, and five classes by who must act. */

/** What the table says of one code. */
export interface ErrorEntry {
  /** One line, for a heading. */
  readonly title: string
  /** What to do about it. */
  readonly fix: string
  /** HTTP status, where the error answers a request. */
  readonly status?: 400 | 401 | 403 | 404 | 409 | 429 | 500 | 503
  /** Exit code of the command line. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
}

/** The one table. `docs/errors.md` has a heading for each code, tested in both directions. */
export const errorTable = {
  // Configuration: the operator of the application acts.
  ERR_CONFIG_SECRET_MISSING: {
    title: 'No secret is configured',
    fix: 'set JWT_SECRET_KEY to the output of keyturn generate, point KEYTURN_ENV_FILE at a .env file that holds it, or set KEYTURN_URL',
    exit: 3,
  },
  ERR_CONFIG_SECRET_WEAK: {
    title: 'A secret is too weak',
    fix: 'replace it with the output of keyturn generate',
    exit: 3,
  },
  ERR_CONFIG_SECRET_COMPROMISED: {
    title: 'JWT_SECRET_KEY holds a compromised key',
    fix: 'a compromised key never comes back: put in the output of keyturn generate',
    exit: 6,
  },
  ERR_CONFIG_SECRET_EXPOSED: {
    title: 'A secret stands where it must not',
    fix: 'move it into the environment or an untracked .env file, then rotate it with keyturn rotate',
    exit: 3,
  },
  ERR_CONFIG_SECRET_SHARED: {
    title: 'Two environments share a secret',
    fix: 'give each environment its own: keyturn rotate -e ENVIRONMENT --mode hard --reason TEXT',
    exit: 6,
  },
  ERR_CONFIG_SOURCE: {
    title: 'The source of the ring cannot be used',
    fix: 'use options.source, KEYTURN_URL with KEYTURN_TOKEN and KEYTURN_RING, KEYTURN_ENV_FILE, or JWT_SECRET_KEY',
    exit: 2,
  },
  ERR_CONFIG_INVALID: {
    title: 'The configuration is not valid',
    fix: 'correct the field that the message names',
    exit: 2,
  },
  ERR_CONFIG_LIMITS: {
    title: 'The durations contradict each other',
    fix: 'choose grace >= maxTokenLife + maxStale + 2 x tolerance',
    exit: 2,
  },
  ERR_CONFIG_ENVIRONMENT: {
    title: 'The environment is not known',
    fix: 'name one of the environments in keyturn.config.json',
    exit: 5,
  },
  ERR_CONFIG_FILE_MOUNT: {
    title: 'The .env file is mounted by itself',
    fix: 'mount the folder that holds it, not the file: a renamed file never reaches a single-file mount',
    exit: 6,
  },

  // Tokens: the caller acts.
  ERR_TOKEN_MISSING: {
    title: 'No token was sent',
    fix: 'send Authorization: Bearer <token>',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_TOO_LARGE: {
    title: 'The token is too long',
    fix: 'send a token of at most 8192 bytes',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_MALFORMED: { title: 'The token is not a compact JWS', fix: 'log in again', status: 401, exit: 3 },
  ERR_TOKEN_HEADER: {
    title: 'The token header is not acceptable',
    fix: 'sign with Keyturn, or without crit, b64, zip, cty and key parameters',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_ALGORITHM: {
    title: "The token's algorithm is not its key's",
    fix: 'sign with the algorithm of the key, HS256 by default',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_KID_REQUIRED: {
    title: 'The token names no key',
    fix: 'sign with a kid header, or switch requireKid off',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_SIGNATURE: { title: 'The signature does not match', fix: 'log in again', status: 401, exit: 3 },
  ERR_TOKEN_PAYLOAD: {
    title: 'The payload is not a claims set',
    fix: 'sign a JSON object of claims',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_CLAIM: {
    title: 'A claim has the wrong type or is missing',
    fix: 'sign registered claims with the types of RFC 7519',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_EXPIRED: {
    title: 'Token expired',
    fix: 'refresh the token or log in again',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_NOT_YET_VALID: {
    title: 'The token is not valid yet',
    fix: 'check the clocks of signer and verifier',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_ISSUED_IN_FUTURE: {
    title: 'The token was issued in the future',
    fix: 'check the clocks of signer and verifier',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_LIFETIME: {
    title: 'The token lives too long',
    fix: 'sign with a life of at most maxTokenLife',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_AGE: { title: 'The token is too old', fix: 'log in again', status: 401, exit: 3 },
  ERR_TOKEN_ISSUER: {
    title: 'The issuer is not the expected one',
    fix: 'use a token of this application',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_AUDIENCE: {
    title: 'The audience is not the expected one',
    fix: 'use a token made for this service',
    status: 401,
    exit: 3,
  },
  ERR_TOKEN_SUBJECT: {
    title: 'The subject is not the expected one',
    fix: 'use a token of this subject',
    status: 401,
    exit: 3,
  },
  ERR_KEY_RETIRED: {
    title: 'Token expired',
    fix: 'log in again: the key that signed this token has retired',
    status: 401,
    exit: 3,
  },
  ERR_KEY_SUSPENDED: {
    title: 'Token expired',
    fix: 'log in again: the key that signed this token is suspended',
    status: 401,
    exit: 3,
  },
  ERR_KEY_COMPROMISED: {
    title: 'Token expired',
    fix: 'log in again: all sessions were ended for security reasons',
    status: 401,
    exit: 3,
  },
  ERR_KEY_NOT_FOUND: {
    title: 'Token expired',
    fix: 'log in again: no key of this ring signed the token',
    status: 401,
    exit: 3,
  },
  ERR_KEY_UNKNOWN: {
    title: 'The key is not known here yet',
    fix: 'send the request again after Retry-After',
    status: 503,
    exit: 7,
  },
  ERR_RING_STALE: {
    title: 'The ring is older than maxStale',
    fix: 'make the store reachable for this instance again',
    status: 503,
    exit: 7,
  },
  ERR_RING_VERIFY_ONLY: {
    title: 'This instance started without its store',
    fix: 'make the hub reachable: until it answers, tokens are verified and none is signed',
    status: 503,
    exit: 7,
  },
  ERR_SIGN_LIFETIME: {
    title: 'The life asked for is not allowed',
    fix: 'pass expiresIn of at most maxTokenLife',
    status: 500,
    exit: 2,
  },
  ERR_SIGN_CLAIM: {
    title: 'The claims cannot be signed',
    fix: 'pass a plain object of JSON values, registered claims with their types',
    status: 500,
    exit: 2,
  },

  // Rings: the operator of the ring acts.
  ERR_RING_INVALID: {
    title: 'The ring document cannot be read',
    fix: 'restore JWT_KEYRING from a backup, or remove it to start again by hand',
    exit: 8,
  },
  ERR_RING_EDITED: {
    title: 'The file was edited by hand',
    fix: 'restart the application, or run keyturn init: the values in the file then win',
    status: 409,
    exit: 6,
  },
  ERR_RING_CONFLICT: {
    title: 'Somebody else changed the ring first',
    fix: 'look at keyturn status, then try again',
    status: 409,
    exit: 6,
  },
  ERR_RING_REGRESSED: {
    title: 'The store holds an older ring than before',
    fix: 'put the newer store back; or go on with this one in a new epoch: keyturn key new-epoch, or keyturn emergency for a fresh key',
    status: 409,
    exit: 8,
  },
  ERR_RING_OPERATION: {
    title: 'Another operation is running',
    fix: 'wait for it, or drop it with keyturn rotate --abort',
    status: 409,
    exit: 6,
  },
  ERR_RING_RESUMED: {
    title: 'An unfinished operation was resumed',
    fix: 'look at keyturn status; then run your command again',
    status: 409,
    exit: 6,
  },
  ERR_RING_STAGED: {
    title: 'A key is staged already',
    fix: 'finish with keyturn rotate, or drop it with keyturn rotate --abort',
    status: 409,
    exit: 6,
  },
  ERR_RING_NOTHING_STAGED: {
    title: 'Nothing is staged',
    fix: 'there is nothing to abort or to activate',
    status: 409,
    exit: 6,
  },
  ERR_RING_RETIRING: {
    title: 'A key is still retiring',
    fix: 'wait until it is done, or add --force --reason TEXT',
    status: 409,
    exit: 6,
  },
  ERR_RING_FULL: {
    title: 'The ring holds 32 keys',
    fix: 'destroy a suspended key with keyturn key destroy, or add --force to destroy the oldest one',
    status: 409,
    exit: 6,
  },
  ERR_RING_GATE_SHUT: {
    title: 'The gate is shut',
    fix: 'bring back the instances named, or forget them with keyturn fleet forget',
    status: 409,
    exit: 6,
  },
  ERR_RING_NO_INSTANCES: {
    title: 'No instance holds this ring',
    fix: 'start the application with KEYTURN_ENV_FILE or KEYTURN_URL, or add --no-fleet if none should run',
    status: 409,
    exit: 6,
  },
  ERR_RING_PLAN: {
    title: 'The plan no longer fits',
    fix: 'make a new one with --dry-run',
    status: 409,
    exit: 6,
  },
  ERR_RING_NO_UNDO: {
    title: 'There is nothing to roll back',
    fix: 'only graceful and hard rotations can be rolled back',
    status: 409,
    exit: 6,
  },
  ERR_RING_TARGET: {
    title: 'The key cannot be rolled back to',
    fix: 'rotate instead: keyturn rotate',
    status: 409,
    exit: 6,
  },
  ERR_RING_KEY_COMPROMISED: {
    title: 'The key is compromised',
    fix: 'a compromised key never comes back: keyturn rotate',
    status: 409,
    exit: 6,
  },
  ERR_RING_KEY_ACTIVE: {
    title: 'The key is active',
    fix: 'rotate first: keyturn rotate',
    status: 409,
    exit: 6,
  },
  ERR_RING_KEY_STATE: {
    title: "The key's state does not allow this",
    fix: 'look at keyturn key list',
    status: 409,
    exit: 6,
  },
  ERR_RING_KEY_OUTSTANDING: {
    title: 'Tokens of this key are still valid',
    fix: 'wait until its verifyUntil, or add --force --reason TEXT',
    status: 409,
    exit: 6,
  },
  ERR_RING_KEY_EXISTS: {
    title: 'The key is in the ring already',
    fix: 'use another secret: keyturn generate',
    status: 409,
    exit: 6,
  },
  ERR_RING_KEY_NOT_FOUND: {
    title: 'The ring has no such key',
    fix: 'look at keyturn key list',
    status: 404,
    exit: 5,
  },
  ERR_RING_INSTANCE_NOT_FOUND: {
    title: 'No such instance',
    fix: 'look at keyturn fleet list',
    status: 404,
    exit: 5,
  },
  ERR_RING_INSTANCE_ALIVE: {
    title: 'The instance is alive',
    fix: 'stop it first; only a lost instance can be forgotten',
    status: 409,
    exit: 6,
  },
  ERR_FLEET_FULL: {
    title: 'The ring has as many instances as a hub keeps',
    fix: 'look at keyturn fleet list: if the names are not yours, revoke the token that made them up',
    status: 409,
    exit: 6,
  },
  ERR_GATE_TIMEOUT: {
    title: 'Not every instance acknowledged in time',
    fix: 'nothing was activated: see keyturn fleet list, then keyturn rotate --resume or --abort',
    exit: 7,
  },
  ERR_CONFIRM_TIMEOUT: {
    title: 'The change is made, but not every instance has confirmed it',
    fix: 'see keyturn fleet list; an instance that stays away stops by itself after maxStale',
    exit: 7,
  },
  ERR_AFTER_CHANGE: {
    title: 'The afterChange command failed',
    fix: 'run it by hand, then keyturn rotate --resume',
    exit: 1,
  },
  ERR_AUDIT_BROKEN: {
    title: 'The audit trail does not verify',
    fix: 'keep the file as evidence and compare it with a copy kept elsewhere',
    exit: 8,
  },

  // Stores: the operator of the machine acts.
  ERR_STORE_MISSING: { title: 'The store holds no ring', fix: 'run keyturn init', exit: 5 },
  ERR_STORE_DENIED: {
    title: 'The store refuses access',
    fix: 'run as the owner of the file, or with a token that may do this',
    exit: 4,
  },
  ERR_STORE_UNREACHABLE: {
    title: 'The store does not answer',
    fix: 'see the message; nothing was changed',
    status: 503,
    exit: 1,
  },
  ERR_STORE_FULL: { title: 'The disk is full', fix: 'free some space; nothing was changed', exit: 1 },
  ERR_STORE_READ_ONLY: {
    title: 'The folder cannot be written to',
    fix: 'the file is changed by a rename, so its folder must be writable',
    exit: 1,
  },
  ERR_STORE_MODE: {
    title: 'Others can read the file',
    fix: 'run keyturn doctor --fix, or chmod 600',
    exit: 6,
  },
  ERR_STORE_OWNER: {
    title: 'The file belongs to somebody else',
    fix: 'run as its owner, so that owner and mode stay as they are',
    exit: 6,
  },
  ERR_STORE_INVALID: {
    title: 'The file cannot be understood',
    fix: 'correct the line that the message names',
    exit: 8,
  },
  ERR_STORE_LOCKED: {
    title: 'Another process is changing the ring',
    fix: 'try again; if the process named is gone for good, remove its lock file',
    exit: 7,
  },

  // The hub: who may do what.
  ERR_AUTH_REQUIRED: {
    title: 'Nobody is logged in',
    fix: 'run keyturn login, or set KEYTURN_TOKEN',
    status: 401,
    exit: 4,
  },
  ERR_AUTH_INVALID: {
    title: 'The token or the session is not valid',
    fix: 'run keyturn login again, or ask an admin for a new token',
    status: 401,
    exit: 4,
  },
  ERR_AUTH_CREDENTIALS: {
    title: 'The name or the password is wrong',
    fix: 'try again; keyturn server operator reset makes a new password link on the machine of the hub',
    status: 401,
    exit: 4,
  },
  ERR_AUTH_LOCKED: {
    title: 'Too many failed logins',
    fix: 'wait as long as Retry-After says, or run keyturn server operator reset on the machine of the hub',
    status: 429,
    exit: 4,
  },
  ERR_AUTH_FORBIDDEN: {
    title: 'The role or the scope does not allow this',
    fix: 'ask an admin of the hub for the role or the scope that the message names',
    status: 403,
    exit: 4,
  },
  ERR_AUTH_CSRF: {
    title: 'The request does not come from a page of this hub',
    fix: 'send the X-Keyturn-CSRF header with the value of GET /v1/session',
    status: 403,
    exit: 4,
  },
  ERR_AUTH_PASSWORD: {
    title: 'The password is too weak',
    fix: 'choose at least 12 characters',
    status: 400,
    exit: 2,
  },
  ERR_AUTH_SETUP_LINK: {
    title: 'The set-up link is not valid any more',
    fix: 'start the hub again, or run keyturn server operator reset, for a new one',
    status: 403,
    exit: 4,
  },
  ERR_OPERATOR_EXISTS: {
    title: 'There is an operator of this name',
    fix: 'choose another name',
    status: 409,
    exit: 6,
  },
  ERR_OPERATOR_NOT_FOUND: {
    title: 'No such operator',
    fix: 'look at the list of operators',
    status: 404,
    exit: 5,
  },
  ERR_OPERATOR_LAST_ADMIN: {
    title: 'The hub would be left without an admin',
    fix: 'make another operator an admin first',
    status: 409,
    exit: 6,
  },
  ERR_ACCESS_TOKEN_NOT_FOUND: {
    title: 'No such access token',
    fix: 'look at the list of tokens',
    status: 404,
    exit: 5,
  },

  // The hub: requests.
  ERR_REQUEST_INVALID: {
    title: 'The request is not right',
    fix: 'see /docs of the hub for what the route takes',
    status: 400,
    exit: 2,
  },
  ERR_REQUEST_IDEMPOTENCY: {
    title: 'The Idempotency-Key belongs to another request',
    fix: 'use a fresh key for each request that differs',
    status: 409,
    exit: 6,
  },
  ERR_ROUTE_NOT_FOUND: {
    title: 'The hub has no such address',
    fix: 'see /docs of the hub; a newer command line may ask an older hub',
    status: 404,
    exit: 5,
  },
  ERR_RING_EXISTS: {
    title: 'There is a ring of this name',
    fix: 'use it, or choose another name',
    status: 409,
    exit: 6,
  },
  ERR_ROTATION_NOT_FOUND: {
    title: 'No such rotation',
    fix: 'look at keyturn status',
    status: 404,
    exit: 5,
  },

  // The hub: the operator of its machine acts.
  ERR_HUB_INTERNAL: {
    title: 'The hub made a mistake',
    fix: 'see its log for the request id; nothing is known to have changed',
    status: 500,
    exit: 1,
  },
  ERR_HUB_BUSY: {
    title: 'The hub has no room for another stream',
    fix: 'close pages that follow the hub, or ask again later',
    status: 503,
    exit: 1,
  },
  ERR_HUB_NOT_INSTALLED: {
    title: 'The hub is not installed',
    fix: 'run npm install @keyturn/server',
    exit: 1,
  },
  ERR_HUB_ADDRESS: {
    title: 'The hub cannot listen on this address',
    fix: 'choose another --host or --port',
    exit: 1,
  },
  ERR_HUB_PLAIN_HTTP: {
    title: 'Secrets would leave this machine unencrypted',
    fix: 'use --tls-cert and --tls-key, or a loopback --host behind a proxy; --insecure-http if the network is trusted',
    exit: 2,
  },
  ERR_HUB_DATABASE: {
    title: 'The database cannot be used',
    fix: 'see the message: DATABASE_URL, its access, or the data folder',
    status: 503,
    exit: 1,
  },
  ERR_HUB_IN_USE: {
    title: 'Another hub uses this data folder',
    fix: 'stop it first, or use DATABASE_URL for several replicas',
    exit: 6,
  },
  ERR_HUB_MASTER_KEY: {
    title: 'The master key does not open the rings',
    fix: 'give the key that sealed them, by KEYTURN_MASTER_KEY or _FILE or as the master.key of the data folder, 0600',
    exit: 8,
  },
  ERR_HUB_MASTER_KEY_MISSING: {
    title: 'There is no master key',
    fix: 'set KEYTURN_MASTER_KEY to the output of keyturn generate, the same on every replica',
    exit: 2,
  },
  ERR_HUB_SEAL: {
    title: 'A sealed secret was changed or moved',
    fix: 'somebody wrote to the database: restore a backup, and look for who did',
    exit: 8,
  },
  ERR_HUB_BACKUP: {
    title: 'The backup cannot be used',
    fix: 'name a new file to write, or a whole backup of this version to read',
    exit: 8,
  },

  // Command line.
  ERR_USAGE: { title: 'The command is not right', fix: 'see keyturn help', exit: 2 },
  ERR_USAGE_REASON: {
    title: 'A reason is missing',
    fix: 'add --reason TEXT: it goes into the audit trail',
    exit: 2,
  },
  ERR_USAGE_CONFIRM: { title: 'The confirmation is missing', fix: 'add --confirm RING', exit: 2 },
  ERR_FILE_EXISTS: { title: 'The key is there already', fix: 'use keyturn rotate to replace it', exit: 6 },
} as const satisfies Record<string, ErrorEntry>

/** A code of the table. Codes are stable and never reused. */
export type ErrorCode = keyof typeof errorTable

/** Names a class of errors, as Error itself is named. Defined: an assignment fails where prototypes are frozen. */
function setName(errors: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errors.prototype, 'name', { value: name, writable: true, configurable: true })
}

/** The base class: carries a stable `code`, its `fix`, and where it applies a `status`. */
export class KeyturnError extends Error {
  static {
    setName(this, 'KeyturnError')
  }
  /** Stable code, see docs/errors.md. */
  readonly code: ErrorCode

  /** @param message what is wrong, never with a secret or a token in it. Default: the title of the code. */
  constructor(code: ErrorCode, message?: string, options?: { cause?: unknown }) {
    super(message ?? errorTable[code].title, options)
    this.code = code
  }

  /** What to do about it. */
  get fix(): string {
    return errorTable[this.code].fix
  }

  /** HTTP status, 500 where the table names none. */
  get status(): number {
    const entry: ErrorEntry = errorTable[this.code]
    return entry.status ?? 500
  }

  /** Exit code of the command line. */
  get exitCode(): number {
    return errorTable[this.code].exit
  }
}

/** The configuration must be changed before the application can start. */
export class ConfigError extends KeyturnError {
  static {
    setName(this, 'ConfigError')
  }
  /** Every finding, where secrets were checked. */
  readonly findings: readonly { rule: string; severity: string; message: string; remedy: string }[]

  constructor(
    code: ErrorCode,
    message?: string,
    options?: { cause?: unknown; findings?: ConfigError['findings'] },
  ) {
    super(code, message, options)
    this.findings = options?.findings ?? []
  }
}

/** A token was not accepted: status 401, or 503 while this instance cannot know. */
export class TokenError extends KeyturnError {
  static {
    setName(this, 'TokenError')
  }
  /** Seconds after which to ask again, with status 503. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message?: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(code, message, options)
    this.retryAfter = options?.retryAfter
  }
}

/** A change of the ring was refused. */
export class RingError extends KeyturnError {
  static {
    setName(this, 'RingError')
  }
}

/** The store could not be read or written. */
export class StoreError extends KeyturnError {
  static {
    setName(this, 'StoreError')
  }
}
