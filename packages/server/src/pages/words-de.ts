/** de: the German words of the hub's own pages. */
import type { Words } from './words-en.ts'

const number = new Intl.NumberFormat('de')
const decimal = new Intl.NumberFormat('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const many = (count: number, one: string, more: string): string =>
  `${number.format(count)} ${count === 1 ? one : more}`

export const de: Words = {
  language: 'Deutsch',
  error: 'Fehler',
  skip: 'Zum Inhalt',
  loggedInAs: (name, role) => `${name}, ${role}`,
  logOut: 'Abmelden',
  roleViewer: 'Betrachter',
  roleOperator: 'Operator',
  roleAdmin: 'Administrator',

  loginTitle: 'Anmelden',
  name: 'Name',
  password: 'Passwort',
  logIn: 'Anmelden',
  loginWrong: 'Name oder Passwort ist falsch.',
  loginLocked: minutes =>
    `Zu viele Versuche. Versuchen Sie es in ${many(minutes, 'Minute', 'Minuten')} wieder; bis dahin wird auch das richtige Passwort abgelehnt.`,
  loginMissing: 'Geben Sie Name und Passwort ein.',

  problemTitle: 'Das ging nicht',
  forbiddenTitle: 'Das dürfen Sie nicht',
  forbidden:
    'Dafür braucht es die Rolle Operator oder Administrator. Fragen Sie jemanden, der sie hat; sofort, wenn ein Schlüssel bekannt geworden ist.',
  forgedTitle: 'Dieses Formular gilt nicht mehr',
  forged:
    'Es stammt von einer früheren Anmeldung oder von einer anderen Website. Nichts wurde geändert. Öffnen Sie die Seite noch einmal.',
  notFoundTitle: 'Nicht gefunden',
  awayTitle: 'Der Hub kann das gerade nicht',
  openAgain: 'Die Seite noch einmal öffnen',
  toConsole: 'Zur Konsole',

  emergency: 'Notfall',
  chooseTitle: 'Welche Schlüssel sind bekannt geworden?',
  choose:
    'Ein Notfallwechsel macht die Schlüssel eines Rings unbrauchbar: einer Anwendung in einer Umgebung.',
  noRings: 'Dieser Hub hat noch keinen Ring, also auch keinen Schlüssel.',
  noSuchRing: ring => `Dieser Hub hat keinen Ring namens ${ring}.`,
  otherRing: 'Ein anderer Ring',
  formTitle: ring => `Notfallwechsel: die Schlüssel von ${ring} unbrauchbar machen`,
  whatHappens: 'Was geschieht',
  activeKey: 'Der aktive Schlüssel',
  activeSince: 'seit',
  sinceUnknown: 'von Hand gesetzt; seit wann, weiß niemand',
  reachable: (reachable, all) =>
    `${number.format(reachable)} von ${many(all, 'Instanz', 'Instanzen')} erreichbar: dort wird er in Sekunden abgelehnt`,
  outOfReach: count =>
    `${many(count, 'Instanz ist', 'Instanzen sind')} außer Reichweite und ${count === 1 ? 'hört' : 'hören'} von selbst auf, innerhalb von`,
  noInstances: 'Keine Instanz ist verbunden',
  sessionsEnd: count =>
    count === 0
      ? 'Von niemandem ist bekannt, dass er angemeldet ist; alle melden sich neu an'
      : `Alle melden sich neu an: höchstens ${many(count, 'Sitzung endet', 'Sitzungen enden')}`,
  neverBack: 'Ein unbrauchbar gemachter Schlüssel kommt nie zurück. Das lässt sich nicht zurücknehmen.',
  fresh: 'Ein neuer Schlüssel signiert sofort',
  halted:
    'Änderungen dieses Rings sind angehalten, weil er zurückgesetzt wurde. Der Notfallwechsel geht trotzdem und trifft alle Schlüssel.',
  causeLegend: 'Was ist geschehen?',
  causeCompromised: 'Ein Schlüssel wurde veröffentlicht oder gestohlen',
  causeBreach: 'Jemand ist in ein System eingebrochen',
  causeLeft: 'Jemand mit Zugriff ist ausgeschieden',
  causeOther: 'Etwas anderes',
  causeScheduled: 'Geplant',
  reason: 'Grund',
  reasonHint: 'Ein oder zwei Sätze für das Prüfprotokoll. Keine Geheimnisse.',
  whichKeys: 'Welche Schlüssel, alle oder nur einer',
  allKeys: 'Alle Schlüssel (empfohlen)',
  onlyKey: (kid, state) => `${kid} (${state})`,
  revoke: 'Auch die Zugangstoken der Instanzen widerrufen',
  revokeHint:
    'Ankreuzen, wenn eine ganze Konfiguration bekannt geworden ist. Laufende Instanzen verlieren dann den Hub: jede braucht ein neues Token, bevor sie den neuen Schlüssel bekommt.',
  confirm: ring => `Zur Bestätigung ${ring} eintippen`,
  kill: ring => `Die Schlüssel von ${ring} jetzt unbrauchbar machen`,
  cancel: 'Abbrechen',
  summary: 'Noch wurde nichts geändert:',
  missingCause: 'Sagen Sie, was geschehen ist.',
  missingReason: 'Geben Sie einen Grund an.',
  longReason: 'Der Grund hat mehr als 500 Zeichen.',
  wrongConfirm: ring => `Die Bestätigung lautet nicht ${ring}.`,
  unknownKid: 'Diesen Schlüssel hat der Ring nicht mehr.',
  unanswered:
    'Dieses Formular wurde schon gesendet und wird noch bearbeitet. Senden Sie es unverändert noch einmal: Es beginnt kein zweiter Notfallwechsel.',
  alreadySent:
    'Dieses Formular wurde schon einmal mit anderen Angaben gesendet. Erneutes Senden beginnt einen weiteren Notfallwechsel.',

  stateStaged: 'bereitgestellt',
  stateActive: 'aktiv',
  stateRetiring: 'auslaufend',
  stateSuspended: 'ausgesetzt',
  stateCompromised: 'kompromittiert',

  courseTitle: ring => `Notfallwechsel in ${ring}`,
  running: (seconds, confirmed, all) =>
    `Läuft seit ${decimal.format(seconds)} s: ${number.format(confirmed)} von ${many(all, 'Instanz', 'Instanzen')} bestätigt`,
  everywhere: seconds => `Überall abgelehnt nach ${decimal.format(seconds)} s`,
  nobody: seconds =>
    `Die Schlüssel sind nach ${decimal.format(seconds)} s unbrauchbar. Keine Instanz war verbunden.`,
  partly: (seconds, confirmed, all) =>
    `Von ${number.format(confirmed)} von ${many(all, 'Instanz', 'Instanzen')} abgelehnt nach ${decimal.format(seconds)} s`,
  failed: 'Der Notfallwechsel ließ sich nicht bis zum Ende verfolgen',
  refreshing: 'Diese Seite sieht jede Sekunde nach.',
  stopRefreshing: 'Anhalten',
  startRefreshing: 'Jede Sekunde nachsehen',
  instances: 'Instanzen',
  instance: 'Instanz',
  state: 'Stand',
  confirmed: 'bestätigt',
  confirmedAfter: seconds => `nach ${decimal.format(seconds)} s`,
  waiting: 'noch nicht',
  stopsBy: 'hat aufgehört spätestens',
  othersStopBy: 'die anderen haben aufgehört spätestens',
  moreInstances: count => `und ${many(count, 'weitere hat', 'weitere haben')} bestätigt`,
  standingAcknowledged: 'hat den neuen Schlüssel',
  standingBehind: 'hat noch den alten Ring',
  standingRefused: 'konnte den Ring nicht laden',
  standingClock: 'ihre Uhr geht falsch',
  standingLost: 'außer Reichweite',
  standingFenced: 'hat aufgehört',
  standingDead: 'ihr Prozess ist beendet',
  keysKilled: 'Unbrauchbar gemachte Schlüssel',
  noKeysKilled: 'Keine: Sie waren schon kompromittiert.',
  freshKey: 'Der Schlüssel, der jetzt signiert',
  restored: 'Der Ring war zurückgesetzt worden; deshalb traf es alle Schlüssel, in einer neuen Epoche.',
  tokens: 'Zugangstoken der Instanzen',
  tokensHint:
    'Vergleichen Sie die Adressen mit Ihren Maschinen: Wer den Schlüssel hatte, hatte vielleicht auch ein Token.',
  noTokens: 'Keines gilt.',
  tokenName: 'Name',
  tokenAddresses: 'Benutzt von',
  noAddress: 'nie benutzt',
  tokenState: 'Stand',
  tokenRevoked: 'widerrufen',
  tokenValid: 'gültig',
  nextSteps: 'Was jetzt zu tun ist',
  report: 'Vorfallsbericht',
  toRing: 'Der Ring in der Konsole',

  reportTitle: ring => `Vorfallsbericht: ${ring}`,
  printHint: 'Drucken Sie diese Seite mit dem Browser, auch als PDF. Sie enthält kein Geheimnis.',
  toCourse: 'Zurück zum Verlauf',
  ring: 'Ring',
  cause: 'Ursache',
  who: 'Begonnen von',
  started: 'Beginn',
  ended: 'Ende',
  notEnded: 'läuft noch',
  result: 'Ergebnis',
  sessions: 'Beendete Sitzungen',
  aboutSessions: count => `höchstens ${number.format(count)}`,
  sessionsUnknown: 'nicht mehr bekannt',
  kid: 'Schlüssel',
  created: 'Erzeugt',
  activated: 'Aktiv seit',
  deactivated: 'Aktiv bis',
  unknown: 'nicht bekannt',
  rejections: 'Seither abgelehnte Anfragen',
  noRejections: 'Keine.',
  keptHours: 'Gezählt wird 48 Stunden lang.',
  code: 'Code',
  count: 'Anzahl',
  auditEntry: 'Prüfprotokoll',
  generation: 'Generation',
  epoch: 'Epoche',
  hash: 'SHA-256 des Eintrags',
  noEntry: 'Der Eintrag steht noch nicht im Prüfprotokoll.',
  checklist: 'Checkliste',
  stepSource:
    'Finden Sie, wo der Schlüssel bekannt geworden ist, und schließen Sie die Stelle: Git-Verlauf, Logs, Images, Backups.',
  stepLost:
    'Prüfen Sie, dass jede Instanz, die nicht bestätigt hat, aufgehört hat, oder starten Sie sie neu.',
  stepTokens:
    'Suchen Sie nach Adressen, die nicht Ihre sind; widerrufen Sie diese Zugangstoken und machen Sie neue.',
  stepWatch:
    'Beobachten Sie Ablehnungen und Anmeldungen eine Token-Lebensdauer lang. Danach heißt ERR_KEY_COMPROMISED: Jemand benutzt den bekannt gewordenen Schlüssel.',
  stepDuties:
    'Kann jemand personenbezogene Daten gelesen haben? Dann prüfen Sie die Meldepflicht: oft binnen 72 Stunden.',
  stepTrail: 'Bewahren Sie diesen Bericht auf, und prüfen Sie das Prüfprotokoll: keyturn audit verify.',
  see: 'siehe',
}
