/** The route table: everything the hub answers. The matrix of roles and the API's description are made from it. */
import type { Route } from './route.ts'
import { applicationRoutes } from './routes/application-routes.ts'
import { eventsRoutes } from './routes/events-routes.ts'
import { forwardAuthRoutes } from './routes/forward-auth-routes.ts'
import { instanceRoutes } from './routes/instance-routes.ts'
import { keyRoutes } from './routes/key-routes.ts'
import { loginRoutes } from './routes/login-routes.ts'
import { operatorsRoutes } from './routes/operators-routes.ts'
import { passwordRoutes } from './routes/password-routes.ts'
import { ringRoutes } from './routes/ring-routes.ts'
import { rotationRoutes } from './routes/rotation-routes.ts'
import { sessionRoutes } from './routes/session-routes.ts'
import { setupRoutes } from './routes/setup-routes.ts'
import { systemRoutes } from './routes/system-routes.ts'
import { tokensRoutes } from './routes/tokens-routes.ts'
import { whoamiRoutes } from './routes/whoami-routes.ts'

export const routes: readonly Route[] = [
  ...systemRoutes,
  ...setupRoutes,
  ...sessionRoutes,
  ...loginRoutes,
  ...whoamiRoutes,
  ...passwordRoutes,
  ...operatorsRoutes,
  ...tokensRoutes,
  ...eventsRoutes,
  ...ringRoutes,
  ...instanceRoutes,
  ...rotationRoutes,
  ...applicationRoutes,
  ...keyRoutes,
  ...forwardAuthRoutes,
]
