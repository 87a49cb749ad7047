/** The hub of Keyturn: rings for a whole fleet, over HTTP, on SQLite or PostgreSQL. */
export { openOffline, type Offline, type OfflineOptions } from './offline.ts'
export { serve, type RunningHub, type ServeOptions } from './serve.ts'
export { version } from './version.ts'
