/** The tables, the same in SQLite and PostgreSQL. Times are epoch milliseconds, by the database's clock. */

export interface Schema {
  rings: RingRow
  audit: AuditRow
  leases: LeaseRow
  rotations: RotationRow
  rotation_groups: RotationGroupRow
  replicas: ReplicaRow
  operators: OperatorRow
  sessions: SessionRow
  links: LinkRow
  tokens: TokenRow
  token_uses: TokenUseRow
  series: SeriesRow
  idempotency: IdempotencyRow
  events: EventRow
  meta: MetaRow
}

/** A ring in one row, so that one UPDATE changes it whole. */
export interface RingRow {
  name: string
  epoch: number
  generation: number
  /** `hashOf` of the document. */
  hash: string
  /** Canonical JSON. */
  document: string
  /** JSON: sealed bytes by kid. */
  secrets: string
  /** Why changes halt: the store was set back behind what an instance has seen. */
  halted: string | null
  changed_at: number
}

export interface AuditRow {
  ring: string
  epoch: number
  generation: number
  /** Canonical JSON. */
  entry: string
  at: number
}

export interface LeaseRow {
  ring: string
  instance: string
  /** JSON of the lease as it was sent. */
  lease: string
  /** Fresh with every put. */
  revision: string
  seen_at: number
}

/** A rotation, a rollback or an emergency, followed. */
export interface RotationRow {
  id: string
  ring: string
  state: 'running' | 'done' | 'failed'
  /** The replica that works on it. */
  replica: string
  /** JSON: the view that the API shows. */
  view: string
  started_at: number
}

/** What was decided of rotations that belong together. */
export interface RotationGroupRow {
  id: string
  decision: 'activate' | 'drop'
  decided_at: number
}

export interface ReplicaRow {
  id: string
  /** JSON: ProcessIdentity. */
  process: string
  started_at: number
  seen_at: number
}

export interface OperatorRow {
  name: string
  role: 'viewer' | 'operator' | 'admin'
  /** argon2id; null until the set-up link was used. */
  password: string | null
  failures: number
  /** 0: not locked. */
  locked_until: number
  created_at: number
}

export interface SessionRow {
  /** SHA-256 of the cookie's value, base64url. */
  hash: string
  operator: string
  csrf: string
  created_at: number
  seen_at: number
  expires_at: number
}

/** A one-time link that sets an operator's password. */
export interface LinkRow {
  /** SHA-256 of the secret in the link, base64url. */
  hash: string
  /** Null: whoever comes first becomes the first admin. */
  operator: string | null
  expires_at: number
}

export interface TokenRow {
  id: string
  name: string
  /** SHA-256 of the secret part, base64url: it has 256 bits, so nothing slower is needed. */
  hash: string
  /** JSON: a list of scopes. */
  scopes: string
  created_by: string
  created_at: number
  expires_at: number
  revoked_at: number | null
}

export interface TokenUseRow {
  token: string
  address: string
  first_at: number
  last_at: number
}

/** One counter in one minute. */
export interface SeriesRow {
  ring: string
  /** Epoch minutes. */
  minute: number
  kind: 'verified' | 'rejected' | 'signed' | 'login' | 'sign-out'
  /** Kid, error code, `succeeded` and `failed`, or `unexpected`. */
  label: string
  count: number
}

export interface IdempotencyRow {
  /** Who, and the key. */
  key: string
  /** SHA-256 of method, path and body. */
  request: string
  /** The one that answers it. Empty in rows from before there was this column. */
  replica: string
  /** Null while the first request still runs. */
  status: number | null
  body: string | null
  created_at: number
}

/** What happened to operators and tokens. */
export interface EventRow {
  id: string
  at: number
  actor: string
  action: string
  detail: string
}

export interface MetaRow {
  name: string
  value: string
}
