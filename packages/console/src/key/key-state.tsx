/** KeyState: what a key is now, in words, and since when. */
import type { RingKey } from 'keyturn/ring'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Moment } from '../format/moment.tsx'
import { Fact, Facts } from '../ui/facts.tsx'

export interface KeyStateProps {
  /** Nothing for one that has left the ring. */
  readonly ringKey: RingKey | undefined
}

export function KeyState({ ringKey: key }: KeyStateProps): ReactNode {
  const { t } = useTranslation()
  const state = key?.state ?? 'destroyed'
  return (
    <section className="card flex flex-col gap-3" aria-labelledby="state">
      <h2 id="state">
        {t('key.now')}: {t(`app.states.${state}`)}
      </h2>
      <p>{t(`key.means.${state}`)}</p>
      {key?.legacy && <p>{t('key.legacy')}</p>}
      {key?.bytesLost && <p>{t('key.bytesLost')}</p>}
      {key && <Times ringKey={key} />}
    </section>
  )
}

function Times({ ringKey: key }: { readonly ringKey: RingKey }): ReactNode {
  const { t } = useTranslation()
  const time = (
    name: 'activatedAt' | 'activatedLast' | 'deactivatedAt' | 'verifyUntil' | 'holdUntil',
    at?: number,
  ) =>
    at !== undefined && (
      <Fact name={t(`key.${name}`)}>
        <Moment at={at * 1000} form="dated" />
      </Fact>
    )
  return (
    <Facts>
      <Fact name={t('key.createdAt')}>
        {key.createdAt === null ? t('key.byHand') : <Moment at={key.createdAt * 1000} form="dated" />}
      </Fact>
      {time(key.state === 'active' ? 'activatedAt' : 'activatedLast', key.activatedAt)}
      {key.state !== 'active' && time('deactivatedAt', key.deactivatedAt)}
      {key.state === 'retiring' && time('verifyUntil', key.verifyUntil)}
      {key.state === 'suspended' && time('holdUntil', key.holdUntil)}
      <Fact name={t('key.algorithm')}>{key.alg}</Fact>
      {key.aliases && key.aliases.length > 0 && (
        <Fact name={t('key.aliases')}>
          <span className="kid">{key.aliases.join(', ')}</span>
        </Fact>
      )}
    </Facts>
  )
}
