/** TokenOnce: a new access token, shown this one time, and what the application needs beside it. */
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { CreatedToken } from '../api/answers.ts'
import { CopyBlock } from '../ui/copy-block.tsx'
import { environmentLines } from './environment-lines.ts'

export function TokenOnce({ created }: { readonly created: CreatedToken }): ReactNode {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <div
      ref={box}
      tabIndex={-1}
      className="flex min-w-0 flex-col gap-3 rounded-lg border border-good bg-good-soft p-3"
    >
      <CopyBlock label={t('settings.tokenOnce', { name: created.name })} text={created.token} />
      <p>{t('settings.tokenOnceText')}</p>
      <CopyBlock
        label={t('settings.tokenEnv')}
        text={environmentLines(location.origin, created.scopes, t('settings.tokenFile')).join('\n')}
      />
    </div>
  )
}
