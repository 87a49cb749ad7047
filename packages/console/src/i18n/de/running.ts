/** Words of a rotation that runs, and of one that has ended. */
import type { running as english } from '../en/running.ts'
import type { Translation } from '../translation.ts'

export const running: Translation<typeof english> = {
  title: {
    rotation: 'Wechsel von {{ring}} ({{mode}})',
    rollback: 'Rücknahme in {{ring}}',
    emergency: 'Notfallwechsel von {{ring}}',
  },
  tab: '{{acknowledged}}/{{count}} Keyturn',
  state: { running: 'läuft', done: 'fertig', failed: 'angehalten' },
  startedBy: 'Begonnen von {{actor}}',
  phases: 'Abschnitte',
  phase: {
    stage: 'Bereitstellen',
    gate: 'Bestätigen',
    activate: 'Aktivieren',
    confirm: 'Rückmelden',
  },
  phaseState: { done: 'fertig', current: 'jetzt', open: 'kommt noch', failed: 'hier angehalten' },
  acknowledged: '{{acknowledged}} von {{count}} Instanzen haben bestätigt.',
  instances: 'Instanzen',
  confirmedAfter: 'nach {{time}}',
  waiting: 'wartet',
  countdown: 'Alte Token gelten noch {{time}}, bis',
  drained: 'Der alte Schlüssel prüft nirgends mehr.',
  generation: 'Generation',
  newKey: 'Neuer Schlüssel',
  resume: 'Noch einmal versuchen, ihn zu beenden',
  abort: 'Abbrechen',
  abortHint: 'Der bereitgestellte Schlüssel wird vernichtet. Niemand merkt es.',
  waive: 'Ohne {{instance}} weitermachen',
  waiveHint: 'Deren Nutzer werden vielleicht abgemeldet, bis sie zurückkommt.',
  rollback: 'Zurücknehmen…',
  retire: '{{kid}} jetzt ablösen…',
  leaveOpen: 'Es geht im Hub weiter, wenn Sie diese Seite schließen.',
  unconfirmed: 'Nicht erreichbar',
  stopsBy: 'steht spätestens still um',
  toCourse: 'Stoppuhr und Bericht',
  together: 'Zusammen mit',
  endedAfter: 'Beendet nach {{time}}',
}
