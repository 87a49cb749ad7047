/** The addresses of the site and their screens. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import type { Texts } from '../i18n/texts-de.ts'
import { LoginPage } from '../accounts/login-page.tsx'
import { RegisterPage } from '../accounts/register-page.tsx'
import { SiteLayout } from '../layout/site-layout.tsx'
import { NotFound } from '../layout/not-found.tsx'
import { EditPage } from '../listings/edit-page.tsx'
import { ListingDetails } from '../listings/listing-details.tsx'
import { readListingSearch } from '../listings/listing-search.ts'
import { MyListingsPage } from '../listings/my-listings-page.tsx'
import { SearchPage } from '../listings/search-page.tsx'
import { WritePage } from '../listings/write-page.tsx'
import { parseQuery, queryText, readLoginSearch } from './query.ts'

const root = createRootRoute({ component: SiteLayout, notFoundComponent: NotFound })
const under = () => root

const routes = [
  createRoute({ getParentRoute: under, path: '/', component: SearchPage, validateSearch: readListingSearch }),
  createRoute({ getParentRoute: under, path: '/listings/$id', component: ListingDetails }),
  createRoute({
    getParentRoute: under,
    path: '/login',
    component: LoginPage,
    validateSearch: readLoginSearch,
  }),
  createRoute({
    getParentRoute: under,
    path: '/register',
    component: RegisterPage,
    validateSearch: readLoginSearch,
  }),
  createRoute({ getParentRoute: under, path: '/write', component: WritePage }),
  createRoute({ getParentRoute: under, path: '/my-listings', component: MyListingsPage }),
  createRoute({ getParentRoute: under, path: '/my-listings/$id/edit', component: EditPage }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch: parseQuery,
  stringifySearch: queryText,
  scrollRestoration: true,
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Texts }
  }
}
