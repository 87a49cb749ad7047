/** Words of this screen. */
import type { fleet as english } from '../en/fleet.ts'
import type { Translation } from '../translation.ts'

export const fleet: Translation<typeof english> = {
  title: 'Instanzen von {{ring}}',
  sentence_one: '{{acknowledged}} von {{count}} Instanz hat Generation {{generation}}.',
  sentence_other: '{{acknowledged}} von {{count}} Instanzen haben Generation {{generation}}.',
  stopped_one: '{{count}} weitere hat aufgehört und zählt nicht mehr.',
  stopped_other: '{{count}} weitere haben aufgehört und zählen nicht mehr.',
  none: 'Noch keine Instanz.',
  noneHint: 'Eine Instanz erscheint hier mit ihrem ersten Lebenszeichen.',
  connect: 'Die erste Instanz verbinden',
  noMatch: 'Keine Instanz passt zum Filter.',
  filter: 'Filter',
  standing: 'Stand',
  everyone: 'alle ({{total}})',
  missing: 'nicht bestätigt ({{total}})',
  search: 'Name, Rechner oder Kid',
  view: 'Ansicht',
  grid: 'Kacheln',
  table: 'Tabelle',
  shown_one: '{{count}} Instanz wird gezeigt',
  shown_other: '{{count}} Instanzen werden gezeigt',
  more: 'Mehr zeigen (noch {{left}})',
  instance: 'Instanz',
  generation: 'Generation',
  generationOf: 'Generation {{generation}}',
  seen: 'Letzter Kontakt',
  clock: 'Uhr',
  clockExact: 'geht richtig',
  clockOff: '{{seconds}} s daneben',
  listLabel: 'Instanzen',
  why: {
    title: 'Warum zurück?',
    silent:
      'Seit {{time}} kein Lebenszeichen. Jeder Wechsel wartet auf sie, bis sie zurückkommt oder Sie sie vergessen.',
    fenced:
      'Seit {{time}} kein Lebenszeichen: länger als maxStale, also signiert und prüft sie von selbst nicht mehr. Kein Wechsel wartet auf sie.',
    dead: 'Ihr Prozess ist beendet. Kein Wechsel wartet auf sie.',
    refused: 'Sie konnte den Ring nicht laden: {{code}}. Mehr steht in ihrem Log.',
    clockAhead:
      'Ihre Uhr geht {{seconds}} s vor. Mehr als 30 s sind zu viel: Token würden zu früh oder zu spät enden. Stellen Sie die Uhr.',
    clockBehind:
      'Ihre Uhr geht {{seconds}} s nach. Mehr als 30 s sind zu viel: Token würden zu früh oder zu spät enden. Stellen Sie die Uhr.',
    generation:
      'Sie hat noch Generation {{held}}; die neueste ist {{newest}}. Sie lebt: Das endet meist in Sekunden.',
    proof:
      'Sie meldet Generation {{newest}}, hat aber nicht bewiesen, dass sie die Schlüssel hat. Starten Sie sie neu, wenn das so bleibt.',
  },
  details: {
    keys: 'Schlüssel, die sie hat',
    host: 'Rechner',
    pid: 'Prozessnummer',
    startedAt: 'Läuft seit',
    counters: 'Gezählt seit ihrem Start',
    verified: 'Geprüfte Token',
    signed: 'Signierte Token',
    rejected: 'Abgelehnte Token',
    logins: 'Anmeldungen',
    loginsText: '{{succeeded}} gelungen, {{failed}} gescheitert',
    unexpected: 'Unerwartete Abmeldungen',
    nothing: 'noch nichts',
    gone: 'Die Instanz {{instance}} gibt es nicht mehr.',
  },
  forget: {
    open: 'Diese Instanz vergessen…',
    only: 'Nur eine Instanz ohne Lebenszeichen kann vergessen werden.',
    title: '{{instance}} vergessen?',
    text: 'Kein Schlüsselwechsel wartet mehr auf sie. Läuft sie irgendwo ohne Kontakt weiter, lehnt sie Token neuer Schlüssel ab, bis sie zurückkommt, und hört spätestens nach {{time}} von selbst auf. Kommt sie zurück, steht sie wieder hier.',
    action: '{{instance}} vergessen',
    done: '{{instance}} ist vergessen.',
  },
}
