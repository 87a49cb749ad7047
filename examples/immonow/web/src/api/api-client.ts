/** apiClient: requests for the screens. It renews the token, waits out a 503, and throws ApiError for a refusal. */
import { ApiError, errorIn } from './api-error.ts'
import { Later, patiently, type PatienceOptions, type PatiencePorts } from './patience.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** What the client needs of the session. */
export interface TokenSource {
  /** Good for a request now; undefined when nobody is signed in. @throws {ApiError} when that cannot be found out */
  token(): Promise<string | undefined>
  /** Renews the token unless it is another one than `refused` already. */
  renew(refused: string): Promise<void>
}

export type ApiClient = <Body>(
  request: Omit<ApiRequest, 'token'> & PatienceOptions & { readonly signedIn?: boolean },
) => Promise<Body>

/** Renewed tokens that are refused as well: instances hear of a new key one after the other. */
const mostRenewals = 2

export function apiClient(transport: Transport, ports: PatiencePorts, tokens: TokenSource): ApiClient {
  return async ({ signedIn = false, budget, ...request }) => {
    for (let renewals = 0; ; renewals++) {
      const token = signedIn ? await tokens.token() : undefined
      if (signedIn && token === undefined) throw new ApiError(401, 'ERR_SIGNED_OUT')
      const answer = await patiently(() => transport({ ...request, token }), ports, {
        ...(budget !== undefined && { budget }),
        signal: request.signal,
      })
      if (answer instanceof Later) throw new ApiError(503, 'ERR_UNREACHABLE', [], answer.retryAfter)
      if (answer.status === 401 && token !== undefined && renewals < mostRenewals) {
        await tokens.renew(token)
        continue
      }
      if (answer.status < 200 || answer.status > 299) throw errorIn(answer)
      return answer.body as never
    }
  }
}
