/** setUpOperator: the first operator of a hub, or one whose password was reset, by a one-time link. */
import type { HubClient } from './hub-client.ts'

/** @throws {KeyturnError} ERR_AUTH_SETUP_LINK, ERR_AUTH_PASSWORD, ERR_OPERATOR_EXISTS */
export async function setUpOperator(
  client: HubClient,
  request: { readonly secret: string; readonly name: string; readonly password: string },
): Promise<void> {
  const { headers, body } = await client.send('POST', ['setup'], request)
  const cookies = headers.getSetCookie().map(each => each.split(';')[0] ?? '')
  const { csrf } = (body ?? {}) as { csrf?: unknown }
  if (cookies.length === 0 || typeof csrf !== 'string') return
  // The link also opened a session, as for a browser; nobody here will close it later.
  await client
    .send('DELETE', ['session'], undefined, {
      headers: { cookie: cookies.join('; '), 'x-keyturn-csrf': csrf },
    })
    .catch(() => undefined)
}
