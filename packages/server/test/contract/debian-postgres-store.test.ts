/** A ring in the PostgreSQL that Debian brings keeps the contract. */
import { debianPostgres } from '../postgres.ts'
import { contractOn } from './postgres-contract.ts'

contractOn("Debian's PostgreSQL 15", await debianPostgres())
