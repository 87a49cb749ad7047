/** SessionStrip, in development builds only: which key signed the session, when the token ends, and how the connection is. */
import { useEffect, useState, useSyncExternalStore, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { connection } from '../app/site.ts'
import type { SessionState } from '../session/session.ts'
import { readTokenClaims, type TokenClaims } from '../session/token-claims.ts'
import { useSession } from '../session/use-session.ts'
import { countdown, stripTexts, type StripTexts } from './strip-texts.ts'
import '../styles/strip.css'

/** Seconds between two sentences for screen readers. */
const spokenEvery = 60

export default function SessionStrip(): ReactElement {
  const texts = stripTexts(useTranslation().i18n.language)
  const state = useSession()
  const isReconnecting = useSyncExternalStore(connection.subscribe, () => connection.isReconnecting)
  const claims = state.status === 'signed-in' ? readTokenClaims(state.accessToken) : undefined
  const now = useNow()
  const link = isReconnecting ? texts.reconnecting : texts.connected
  const sentence = sentenceOf(texts, state, claims, now)
  const spoken = useSpoken(sentence, `${state.status} ${claims?.kid}`, now)
  return (
    <aside className="strip" aria-label={texts.name} data-kid={claims?.kid} data-expires={claims?.expires}>
      <p aria-hidden="true">
        <span className={isReconnecting ? 'strip-light strip-light-off' : 'strip-light'} /> {link} ·{' '}
        {sentence}
      </p>
      <p className="visually-hidden" role="status">
        {spoken}
      </p>
    </aside>
  )
}

function sentenceOf(
  texts: StripTexts,
  state: SessionState,
  claims: TokenClaims | undefined,
  now: number,
): string {
  if (!claims) return texts.nobody[state.status]
  return texts.signedIn(claims.kid, countdown(claims.expires - Math.floor(now / 1000)), claims.expires)
}

/** Changes every second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** The sentence as it was a minute ago at most; at once when what it is about has changed. */
function useSpoken(sentence: string, subject: string, now: number): string {
  const [spoken, setSpoken] = useState({ sentence, subject, at: now })
  const isDue = spoken.subject !== subject || now - spoken.at >= spokenEvery * 1000
  useEffect(() => {
    if (isDue) setSpoken({ sentence, subject, at: now })
  }, [isDue, sentence, subject, now])
  return spoken.sentence
}
