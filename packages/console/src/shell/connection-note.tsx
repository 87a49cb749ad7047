/** ConnectionNote: whether what is shown is live. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { Connection } from '../api/live.ts'

export function ConnectionNote({ connection }: { readonly connection: Connection }): ReactNode {
  const { t } = useTranslation()
  return (
    <p
      role="status"
      className={`text-sm ${connection === 'lost' ? 'font-semibold text-warn' : 'text-quiet'}`}
    >
      <span aria-hidden="true">{connection === 'live' ? '● ' : '○ '}</span>
      {t(`app.${connection}`)}
    </p>
  )
}
