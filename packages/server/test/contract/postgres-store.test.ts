/** A ring in PostgreSQL keeps the contract. */
import { embeddedPostgres } from '../postgres.ts'
import { contractOn } from './postgres-contract.ts'

contractOn('PostgreSQL 18', await embeddedPostgres())
