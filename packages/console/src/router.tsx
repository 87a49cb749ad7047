/** createAppRouter: every screen and its address. Screens but the overview are loaded when they are opened. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { sessionQuery } from './api/queries.ts'
import { withWords } from './i18n/i18n.ts'
import { Home } from './overview/home.tsx'
import { Overview, ranges } from './overview/overview.tsx'
import { Loading } from './shell/loading.tsx'
import { NotFound } from './shell/not-found.tsx'
import { ScreenFailed } from './shell/screen-failed.tsx'
import { Shell } from './shell/shell.tsx'

const rootRoute = createRootRouteWithContext<{ client: QueryClient }>()({
  // Nobody who is not logged in sees a screen: the hub sends them to its login page.
  beforeLoad: async ({ context }) => {
    await context.client.query({ ...sessionQuery, staleTime: 'static' })
  },
  component: Shell,
  notFoundComponent: NotFound,
})

const home = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home })

const ring = createRoute({ getParentRoute: () => rootRoute, path: '/rings/$application/$environment' })

/** The router reads `?entry=4` as a number. */
const text = (value: unknown): string | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const overviewRoute = createRoute({
  getParentRoute: () => ring,
  path: '/',
  /** Minutes. */
  validateSearch: (search: Record<string, unknown>): { range?: number } =>
    ranges.some(minutes => minutes === Number(search['range'])) ? { range: Number(search['range']) } : {},
  component: Overview,
})

const rotateRoute = createRoute({
  getParentRoute: () => ring,
  path: '/rotate',
  validateSearch: (search: Record<string, unknown>): { mode?: string; to?: string; limits?: string } => ({
    ...(text(search['mode']) !== undefined && { mode: text(search['mode'])! }),
    ...(text(search['to']) !== undefined && { to: text(search['to'])! }),
    ...(text(search['limits']) !== undefined && { limits: text(search['limits'])! }),
  }),
  component: lazyRouteComponent(() => withWords(import('./rotate/rotate.tsx')), 'Rotate'),
})

const runningRoute = createRoute({
  getParentRoute: () => ring,
  path: '/rotations/$id',
  component: lazyRouteComponent(() => withWords(import('./running/running.tsx')), 'Running'),
})

const fleetRoute = createRoute({
  getParentRoute: () => ring,
  path: '/fleet',
  validateSearch: (
    search: Record<string, unknown>,
  ): { view?: string; show?: string; q?: string; instance?: string } => ({
    ...(text(search['q']) !== undefined && { q: text(search['q'])! }),
    ...(text(search['view']) !== undefined && { view: text(search['view'])! }),
    ...(text(search['show']) !== undefined && { show: text(search['show'])! }),
    ...(text(search['instance']) !== undefined && { instance: text(search['instance'])! }),
  }),
  component: lazyRouteComponent(() => withWords(import('./fleet/fleet.tsx')), 'Fleet'),
})

const auditRoute = createRoute({
  getParentRoute: () => ring,
  path: '/audit',
  validateSearch: (
    search: Record<string, unknown>,
  ): { action?: string; actor?: string; kid?: string; from?: string; to?: string; entry?: string } =>
    Object.fromEntries(
      ['action', 'actor', 'kid', 'from', 'to', 'entry']
        .map(name => [name, text(search[name])] as const)
        .filter(([, value]) => value !== undefined),
    ),
  component: lazyRouteComponent(() => withWords(import('./audit/audit.tsx')), 'Audit'),
})

const keyRoute = createRoute({
  getParentRoute: () => ring,
  path: '/keys/$kid',
  component: lazyRouteComponent(() => withWords(import('./key/key.tsx')), 'Key'),
})

const policyRoute = createRoute({
  getParentRoute: () => ring,
  path: '/settings',
  component: lazyRouteComponent(() => withWords(import('./settings/policy.tsx')), 'Policy'),
})

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => withWords(import('./settings/settings.tsx')), 'Settings'),
})

const firstRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/first-run',
  validateSearch: (search: Record<string, unknown>): { ring?: string } =>
    text(search['ring']) === undefined ? {} : { ring: text(search['ring'])! },
  component: lazyRouteComponent(() => withWords(import('./first-run/first-run.tsx')), 'FirstRun'),
})

const routeTree = rootRoute.addChildren([
  home,
  ring.addChildren([overviewRoute, rotateRoute, runningRoute, fleetRoute, auditRoute, keyRoute, policyRoute]),
  settingsRoute,
  firstRunRoute,
])

export const createAppRouter = (client: QueryClient) =>
  createRouter({
    routeTree,
    context: { client },
    defaultPendingComponent: Loading,
    defaultErrorComponent: ScreenFailed,
    defaultPreload: 'intent',
    scrollRestoration: false,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
