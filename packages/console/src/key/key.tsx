/** Key: one key: what it is, what it was, who holds it, and what can be done. Never the secret. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { findKey } from 'keyturn/ring'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringQuery, trailQuery } from '../api/queries.ts'
import { Loading } from '../shell/loading.tsx'
import { Screen } from '../shell/screen.tsx'
import { useRing } from '../shell/use-ring.ts'
import { DoneMessage } from '../ui/done-message.tsx'
import { Fingerprint } from './fingerprint.tsx'
import { KeyActions } from './key-actions.tsx'
import { KeyHistory } from './key-history.tsx'
import { keyLife } from './key-life.ts'
import { KeyState } from './key-state.tsx'
import { KeyUse } from './key-use.tsx'

export function Key(): ReactNode {
  const { t } = useTranslation()
  const { kid } = useParams({ from: '/rings/$application/$environment/keys/$kid' })
  const { ring } = useRing()
  return (
    <Screen title={t('key.title', { kid })}>
      <Suspense fallback={<Loading />}>
        <KeyOf key={`${ring} ${kid}`} ring={ring} named={kid} />
      </Suspense>
    </Screen>
  )
}

function KeyOf({ ring, named }: { readonly ring: string; readonly named: string }): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { data: view } = useSuspenseQuery(ringQuery(ring))
  const { data: trail } = useSuspenseQuery(trailQuery(ring))
  const [message, setMessage] = useState('')
  const key = findKey(view.document, named)
  const kid = key?.kid ?? named
  const life = keyLife(trail.entries, kid)
  if (!key && life.length === 0)
    return (
      <div className="card flex flex-col items-start gap-2">
        <p className="wrap-anywhere">{t('key.unknown', { kid: named })}</p>
        <Link to="/rings/$application/$environment" params={params} className="link">
          {t('app.toOverview')}
        </Link>
      </div>
    )
  return (
    <>
      {kid !== named && <p className="wrap-anywhere">{t('key.alias', { alias: named })}</p>}
      <DoneMessage text={message} />
      <KeyState ringKey={key} />
      <div className="grid gap-4 md:grid-cols-2">
        <Fingerprint kid={kid} isDerived={!key?.legacy} />
        <KeyUse view={view} kid={kid} />
      </div>
      {key && <KeyActions view={view} ringKey={key} onDone={setMessage} />}
      <KeyHistory life={life} />
    </>
  )
}
