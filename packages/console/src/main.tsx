/** The console: one page over the hub's API. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProblem } from './api/problem.ts'
import { startI18n } from './i18n/i18n.ts'
import { createAppRouter } from './router.tsx'
import './styles.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the hub refuses it refuses again; what it cannot answer now it may answer soon.
      retry: (failures, error) =>
        failures < 3 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
      // Hints and polls say when to ask again.
      staleTime: 5_000,
    },
  },
})

await startI18n()
const root = document.getElementById('root')
if (root)
  createRoot(root, {
    // What the hub refused is on the screen; what is wrong here belongs into the console as well.
    onCaughtError: error => {
      if (!(error instanceof ApiProblem)) reportError(error)
    },
  }).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={createAppRouter(client)} />
      </QueryClientProvider>
    </StrictMode>,
  )
