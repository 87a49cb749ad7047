/** /api/listings: everybody reads, owners write. /api/my/listings: those of the account. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import type { ListingInput } from './listings.ts'
import { signedInAccount, type Services } from '../services.ts'
import { line, paragraph, validate } from '../http/validate.ts'
import { Problem } from '../http/problem.ts'

const wholeNumber = (low: number, high: number): z.ZodType<number, number> => {
  const message = `must be a whole number from ${low} to ${high}`
  return z.int({ error: message }).min(low, message).max(high, message)
}

const halves = z
  .number({ error: 'must be a number' })
  .min(1, 'must be at least 1')
  .max(50, 'must be at most 50')
  .multipleOf(0.5, 'must be a multiple of 0.5')

const input = z.strictObject({
  offer: z.enum(['rent', 'sale'], 'must be rent or sale'),
  kind: z.enum(['apartment', 'house'], 'must be apartment or house'),
  title: line(5, 140),
  description: paragraph(20, 5_000),
  city: line(2, 80),
  district: line(2, 80),
  postalCode: z.string({ error: 'must be text' }).regex(/^\d{5}$/, 'must have five digits'),
  price: wholeNumber(1, 1_000_000_000),
  rooms: halves,
  area: wholeNumber(5, 100_000),
  yearBuilt: wholeNumber(1100, 2200).nullable().default(null),
  energyClass: z
    .enum(['A+', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'], 'must be A+ to H')
    .nullable()
    .default(null),
  availableFrom: z.iso.date('must be a date as 2027-01-31').nullable().default(null),
})

// Without the defaults: a field that is not sent must stay as it is.
const changes = z
  .strictObject({
    ...input.shape,
    yearBuilt: input.shape.yearBuilt.unwrap(),
    energyClass: input.shape.energyClass.unwrap(),
    availableFrom: input.shape.availableFrom.unwrap(),
  })
  .partial()
  .refine(fields => Object.keys(fields).length > 0, 'must change at least one field')

const digits = (low: number, high: number): z.ZodType<number, string> =>
  z
    .string({ error: 'must be given once' })
    .regex(/^\d{1,10}$/, 'must be a whole number')
    .transform(Number)
    .pipe(wholeNumber(low, high))

const search = z.object({
  city: line(1, 80).optional(),
  offer: z.enum(['rent', 'sale'], 'must be rent or sale').optional(),
  maxPrice: digits(1, 1_000_000_000).optional(),
  rooms: z
    .string({ error: 'must be given once' })
    .regex(/^\d{1,2}([.,]5|[.,]0)?$/, 'must be a number of rooms as 3 or 2.5')
    .transform(text => Number(text.replace(',', '.')))
    .optional(),
  page: digits(1, 100_000).optional(),
})

const ownSearch = z.strictObject({ page: digits(1, 100_000).optional() })

export function registerListingRoutes(app: FastifyInstance, services: Services): void {
  const { listings } = services

  app.get('/api/listings', async request => {
    const { page = 1, ...filter } = validate(search, blankless(request.query))
    return listings.search({ ...filter, page })
  })

  app.get('/api/my/listings', { onRequest: app.authenticate }, async request => {
    const account = signedInAccount(services, request)
    const { page = 1 } = validate(ownSearch, blankless(request.query))
    return listings.search({ ownerId: account.id, page })
  })

  app.get('/api/listings/:id', async request => listings.byId(idOf(request.params)))

  app.post('/api/listings', { onRequest: app.authenticate }, async (request, reply) => {
    const account = signedInAccount(services, request)
    const listing = await listings.create(account.id, validate(input, request.body))
    return reply.code(201).header('location', `/api/listings/${listing.id}`).send(listing)
  })

  app.patch('/api/listings/:id', { onRequest: app.authenticate }, async request => {
    const account = signedInAccount(services, request)
    // JSON has no undefined: a field is there with its value, or not at all.
    const fields = validate(changes, request.body) as Partial<ListingInput>
    return listings.update(idOf(request.params), account.id, fields)
  })

  app.delete('/api/listings/:id', { onRequest: app.authenticate }, async (request, reply) => {
    const account = signedInAccount(services, request)
    await listings.remove(idOf(request.params), account.id)
    return reply.code(204).send()
  })
}

/** @throws {Problem} ERR_LISTING_NOT_FOUND for what cannot be an id */
function idOf(params: unknown): number {
  const { id } = params as { id: string }
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new Problem('ERR_LISTING_NOT_FOUND')
  return Number(id)
}

/** A search form sends its empty fields too. */
const blankless = (query: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query as Record<string, unknown>).filter(([, value]) => value !== ''))
