/** Fingerprint: a kid in a form that two people can compare on the phone. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { groupsOf } from './identicon-cells.ts'
import { Identicon } from './identicon.tsx'

export interface FingerprintProps {
  readonly kid: string
  /** Computed from the secret. */
  readonly isDerived: boolean
}

export function Fingerprint({ kid, isDerived }: FingerprintProps): ReactNode {
  const { t } = useTranslation()
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="fingerprint">
      <h2 id="fingerprint">{t('key.fingerprint')}</h2>
      <div className="flex flex-wrap items-center gap-4">
        <Identicon kid={kid} />
        <p className="kid flex min-w-0 flex-wrap gap-x-3 text-2xl font-semibold">
          {groupsOf(kid).map((group, index) => (
            <span key={index}>{group}</span>
          ))}
        </p>
        <CopyButton text={kid} label={t('key.fingerprint')} />
      </div>
      <p className="hint">{t(isDerived ? 'key.fingerprintText' : 'key.fingerprintLegacy')}</p>
      <p className="hint">{t('key.secretNever')}</p>
    </section>
  )
}
