/** StandingMark: how an instance stands, as a sign and a word; the colour only repeats it. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { Standing } from '../api/answers.ts'
import { StandingSign, standingLook } from './standing.tsx'

export function StandingMark({ standing }: { readonly standing: Standing }): ReactNode {
  const { t } = useTranslation()
  return (
    <span className={`font-semibold ${standingLook(standing).tone}`}>
      <StandingSign standing={standing} /> {t(`app.standings.${standing}`)}
    </span>
  )
}
