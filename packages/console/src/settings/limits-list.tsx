/** LimitsList: the durations as they are, each with what it means. */
import type { Limits } from 'keyturn/ring'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { duration } from '../format/moments.ts'
import { limitNames } from './typed-limits.ts'

export function LimitsList({ limits }: { readonly limits: Limits }): ReactNode {
  const { t } = useTranslation()
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-4">
      {limitNames.map(name => (
        <div key={name} className="min-w-0">
          <dt>
            <strong>{t(`settings.limit.${name}`)}</strong> <code className="kid hint">{name}</code>
          </dt>
          <dd className="text-lg">{duration(limits[name], 'long')}</dd>
          <dd className="hint">{t(`settings.limitMeans.${name}`)}</dd>
        </div>
      ))}
    </dl>
  )
}
