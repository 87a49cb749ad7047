/** emergencyPages: an emergency from a plain form. */
import { randomBytes } from 'node:crypto'
import { KeyturnError } from 'keyturn'
import { fleetAt, heldRing } from '../http/fleet-view.ts'
import { UnfinishedRequest } from '../http/idempotency-keys.ts'
import { once } from '../http/once.ts'
import { ringName } from '../http/schemas.ts'
import { startEmergency } from '../http/start-rotation.ts'
import type { HeldRing } from '../rings/ring-rows.ts'
import { liveTokens } from '../series/series.ts'
import { formIn, readEmergencyForm, type EmergencyForm, type FieldErrors } from './emergency-form.ts'
import { chooseRingPage, emergencyPage } from './emergency-page.ts'
import type { Page, PageCall, PageRoute, Redirect } from './page-route.ts'

export const emergencyPages: readonly PageRoute[] = [
  {
    method: 'GET',
    url: '/emergency',
    access: 'operate',
    handle: async call => {
      const { hub, query, words } = call
      await hub.feed.refresh()
      const { names } = hub.feed
      const ring = query.get('ring')
      const [only] = names
      if (ring === null && names.length === 1 && only !== undefined)
        return { location: `/emergency?ring=${encodeURIComponent(only)}` }
      if (ring === null) return chooseRingPage(words, names)
      if (!names.includes(ring)) return chooseRingPage(words, names, words.noSuchRing(ring))
      return formPage(call, await heldRing(hub, ring), {
        ...formIn(new URLSearchParams()),
        once: freshOnce(),
      })
    },
  },
  {
    method: 'POST',
    url: '/emergency',
    access: 'operate',
    again: form => `/emergency?ring=${encodeURIComponent(form.get('ring') ?? '')}`,
    handle: startFromForm,
  },
]

async function startFromForm(call: PageCall): Promise<Page | Redirect> {
  const { hub, form: fields, words, principal } = call
  if (!principal) throw new KeyturnError('ERR_AUTH_REQUIRED')
  const ring = fields.get('ring') ?? ''
  await hub.feed.refresh()
  if (!ringName.safeParse(ring).success || !hub.feed.known(ring))
    return chooseRingPage(words, hub.feed.names, words.noSuchRing(ring))
  const sent = formIn(fields)
  const form = sent.once === '' ? { ...sent, once: freshOnce() } : sent
  const refused = async (errors: FieldErrors, shown = form): Promise<Page> => ({
    ...(await formPage(call, await heldRing(hub, ring), shown, errors)),
    status: 400,
  })
  const read = readEmergencyForm(form, ring, words)
  if ('errors' in read) return refused(read.errors)
  try {
    const request = ['page /emergency', ring, JSON.stringify(read.request)]
    const { body } = await once(hub, { principal, key: `page ${form.once}`, request }, async key => {
      const { id } = await startEmergency({ hub, ring, principal, once: key }, read.request)
      return { status: 202, body: id }
    })
    return { location: coursePath(ring, String(body)) }
  } catch (error) {
    // With the same `once`: what is sent again must not start another.
    if (error instanceof UnfinishedRequest) return refused({ once: words.unanswered })
    const code = error instanceof KeyturnError ? error.code : undefined
    if (code === 'ERR_RING_KEY_NOT_FOUND') return refused({ kid: words.unknownKid })
    if (code === 'ERR_REQUEST_IDEMPOTENCY')
      return refused({ once: words.alreadySent }, { ...form, once: freshOnce() })
    throw error
  }
}

/** @param id of the emergency */
export const coursePath = (ring: string, id: string): string =>
  `/emergency/${ring.split('/').map(encodeURIComponent).join('/')}/${encodeURIComponent(id)}`

const freshOnce = (): string => randomBytes(12).toString('base64url')

async function formPage(
  call: PageCall,
  held: HeldRing,
  form: EmergencyForm,
  errors: FieldErrors = {},
): Promise<Page> {
  const { hub } = call
  const { document } = held.ring
  const { fleet, now } = await fleetAt(hub, held)
  return emergencyPage(call, {
    document,
    fleet,
    liveTokens: await liveTokens(hub.database, document, now),
    isHalted: held.halted !== null,
    hasOthers: hub.feed.names.length > 1,
    form,
    errors,
  })
}
