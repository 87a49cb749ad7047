/** What the strip says. It is apart from the site's texts, so that a build for production does not hold it. */
import type { SessionState } from '../session/session.ts'

export interface StripTexts {
  readonly name: string
  readonly connected: string
  readonly reconnecting: string
  readonly nobody: Readonly<Record<SessionState['status'], string>>
  signedIn(kid: string, left: string, expires: number): string
}

const time = (locale: string, expires: number): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(expires * 1000))

const german: StripTexts = {
  name: 'Entwicklung: Schlüssel der Sitzung',
  connected: 'verbunden',
  reconnecting: 'Verbindung wird wiederhergestellt',
  nobody: {
    starting: 'Anmeldung wird geprüft',
    guest: 'niemand ist angemeldet',
    'signed-in': 'der Token ist nicht lesbar',
    ended: 'die Sitzung ist beendet',
  },
  signedIn: (kid, left, expires) =>
    `Schlüssel ${kid} hat Ihre Sitzung signiert · Token endet um ${time('de-DE', expires)}, in ${left}`,
}

const english: StripTexts = {
  name: 'Development: key of the session',
  connected: 'connected',
  reconnecting: 'reconnecting',
  nobody: {
    starting: 'the login is being checked',
    guest: 'nobody is logged in',
    'signed-in': 'the token cannot be read',
    ended: 'the session has ended',
  },
  signedIn: (kid, left, expires) =>
    `Key ${kid} signed your session · token ends at ${time('en-GB', expires)}, in ${left}`,
}

export const stripTexts = (language: string): StripTexts => (language === 'de' ? german : english)

/** As 14:05; longer than an hour as 1:14:05. */
export function countdown(seconds: number): string {
  const left = Math.max(0, seconds)
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor(left / 60) % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`
}
