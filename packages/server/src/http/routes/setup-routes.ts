/** Routes of the set-up: the page behind a one-time link, and what it sends. */
import { z } from 'zod'
import { refuseOtherSites } from '../../access/authenticate.ts'
import { clientAddress } from '../../access/client-address.ts'
import type { Route } from '../route.ts'
import { pagesStyle } from '../../pages/pages-style.ts'
import { setupPolicy, setupPage } from '../setup-page.ts'
import { setupScript } from '../setup-script.ts'
import * as schemas from '../schemas.ts'
import { admitted, credentials, sessionView } from './session-routes.ts'

const redemption = credentials.extend({ secret: z.string().min(1).max(200).describe('of the link') })

const file = (url: string, type: NonNullable<Route['media']>, text: string, summary: string): Route => ({
  method: 'GET',
  url,
  access: 'public',
  summary,
  answers: { 200: schemas.text },
  media: type,
  handle: ({ reply }) =>
    reply
      .header('content-type', `${type}; charset=utf-8`)
      .header('content-security-policy', setupPolicy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .send(text),
})

export const setupRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/v1/setup',
    access: 'public',
    summary: 'Set a password with a one-time link; logs in and sets the cookie',
    body: redemption,
    answers: { 200: sessionView },
    handle: async call => {
      const { hub, request } = call
      refuseOtherSites(request)
      const sent = { ...(call.body as z.infer<typeof redemption>), address: clientAddress(request.ip) }
      const opened = await hub.links.redeem(sent, async (connection, operator) => ({
        ...operator,
        session: await hub.sessions.create(operator.name, connection),
      }))
      await hub.tokens.catchUp()
      return admitted(call, opened)
    },
  },
  file('/setup', 'text/html', setupPage, 'The page of a set-up link'),
  file('/setup.js', 'text/javascript', setupScript, 'Its script'),
  file('/pages.css', 'text/css', pagesStyle, 'The style of all pages of the hub'),
]
