/** Words of the screen that starts a rotation or a rollback. */
import type { rotate as english } from '../en/rotate.ts'
import type { Translation } from '../translation.ts'

export const rotate: Translation<typeof english> = {
  title: '{{ring}} wechseln',
  how: 'Was soll geschehen?',
  cards: {
    graceful: {
      name: 'Sanft',
      consequence: 'Niemand wird abgemeldet.',
      text: 'Token des alten Schlüssels gelten bis {{until}} weiter, jeder neue wird mit einem neuen Schlüssel signiert.',
      undo: 'Kann zurückgenommen werden.',
    },
    hard: {
      name: 'Hart',
      consequence: 'Alle melden sich neu an: höchstens {{sessions}} Sitzungen.',
      consequenceNone: 'Alle melden sich neu an. Soweit bekannt, ist kein Token in Gebrauch.',
      text: 'Jeder Token und jede Sitzung endet in dem Augenblick, in dem der neue Schlüssel signiert.',
      undo: 'Kann bis {{until}} zurückgenommen werden: Diese Sitzungen gelten dann wieder.',
    },
    emergency: {
      name: 'Notfall',
      consequence: 'Macht einen durchgesickerten Schlüssel sofort unbrauchbar.',
      text: 'Jeder Schlüssel ist in Sekunden auf jeder Instanz tot, kommt nie zurück, und höchstens {{sessions}} Sitzungen enden.',
      undo: 'Kann nicht zurückgenommen werden.',
      open: 'Zur Notfallseite',
    },
    rollback: {
      name: 'Zurücknehmen',
      consequence: 'Der Schlüssel {{kid}} signiert wieder. Niemand wird abgemeldet.',
      consequenceRestored:
        'Der Schlüssel {{kid}} signiert wieder, und die beendeten Sitzungen gelten wieder.',
      text: 'Token des jetzigen Schlüssels gelten bis {{until}} weiter.',
    },
  },
  cause: 'Anlass',
  reasonPlaceholder: 'vierteljährlicher Wechsel',
  reasonMissing: 'Nennen Sie den Grund: Das Prüfprotokoll bewahrt ihn auf.',
  everywhere: 'Alle {{count}} Umgebungen von {{application}} auf einmal',
  everywhereHint:
    'Alle oder keine: Keine Umgebung signiert mit ihrem neuen Schlüssel, bevor jede Instanz in allen bestätigt hat.',
  force: 'Wechseln, obwohl {{kid}} noch bis {{until}} ausläuft',
  forceHint: 'Beide Schlüssel gelten so lange, wie sie es ohnehin getan hätten; niemand wird abgemeldet.',
  preview: 'Vorschau',
  previewOf: 'Vorschau: {{plan}}',
  nothingYet:
    'Noch ist nichts verändert. Angewendet wird genau dies; ändert sich der Ring vorher, lehnt der Hub ab.',
  moves: 'Schlüssel',
  newKey: 'ein neuer Schlüssel',
  steps: {
    stage: 'Jede Instanz erfährt {{key}}. Er prüft, und signiert noch nichts.',
    gate_one:
      'Erst wenn die eine Instanz ihn bestätigt hat, geht es weiter; sonst ist hier Schluss, und für Nutzer hat sich nichts geändert.',
    gate_other:
      'Erst wenn alle {{count}} Instanzen ihn bestätigt haben, geht es weiter; sonst ist hier Schluss, und für Nutzer hat sich nichts geändert.',
    activate: '{{key}} signiert.',
    activateHard: '{{key}} signiert. Jeder frühere Token und jede frühere Sitzung endet.',
    drain: 'Token des alten Schlüssels gelten noch {{grace}}.',
    destroy: 'Der alte Schlüssel wird gelöscht.',
    hold: 'Die alten Schlüssel werden {{hold}} für eine Rücknahme aufbewahrt, dann gelöscht.',
  },
  stepNames: {
    stage: 'Bereitstellen',
    gate: 'Bestätigen',
    activate: 'Aktivieren',
    drain: 'Auslaufen',
    destroy: 'Löschen',
    hold: 'Aufbewahren',
  },
  sessionsEnded: 'Sitzungen, die enden: alle, höchstens {{sessions}}',
  sessionsAll: 'Sitzungen, die enden: alle',
  sessionsNone: 'Sitzungen, die enden: 0',
  apply: {
    graceful: '{{ring}} jetzt sanft wechseln',
    hard: 'Jetzt alle von {{ring}} abmelden',
    rollback: '{{ring}} jetzt zurücknehmen',
    everywhere: 'Alle {{count}} Umgebungen jetzt wechseln',
  },
  applying: 'Beginnt…',
  noInstances: 'Wo keine Instanz verbunden ist, ohne Bestätigung weitermachen',
  limits: 'Mit der nächsten Generation gelten diese Zeiten:',
}
