/** Starts the site. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { router } from './app/router.tsx'
import { queries, session } from './app/site.ts'
import { cookieIn } from './i18n/language.ts'
import { startI18n } from './i18n/start-i18n.ts'
import './styles/base.css'
import './styles/layout.css'
import './styles/forms.css'
import './styles/listings.css'

startI18n()
const theme = cookieIn(document.cookie, 'keyturn_theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme

void session.start()
// Timers stand still in a tab that nobody looks at, and in a computer that sleeps.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void session.wake()
})

const place = document.getElementById('site')
if (!place) throw new Error('index.html has no #site')
createRoot(place).render(
  <QueryClientProvider client={queries}>
    <RouterProvider router={router} />
  </QueryClientProvider>,
)
