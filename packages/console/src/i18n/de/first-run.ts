/** Words of this screen. */
import type { firstRun as english } from '../en/first-run.ts'
import type { Translation } from '../translation.ts'

export const firstRun: Translation<typeof english> = {
  title: 'Eine Anwendung verbinden',
  intro: 'Ein Ring, ein Token, zwei Befehle: Dann wird hier auf die Schlüssel einer Anwendung geachtet.',
  step: 'Schritt {{number}}: {{name}}',
  done: 'erledigt',
  ring: 'ein Ring',
  ringText: 'Ein Ring hält die Schlüssel einer Anwendung in einer Umgebung.',
  application: 'Anwendung',
  environment: 'Umgebung',
  partHint: 'Buchstaben, Ziffern, Punkte, Striche, Unterstriche.',
  partProblem: 'Geben Sie 1 bis 64 Buchstaben, Ziffern, Punkte, Striche oder Unterstriche ein.',
  makeRing: 'Ring anlegen',
  ringIs: 'Der Ring heißt {{ring}}. Sein erster Schlüssel signiert schon.',
  other: 'Oder nehmen Sie einen, den es gibt:',
  token: 'ein Token für seine Instanzen',
  tokenText: 'Damit bekommt eine Instanz die Schlüssel dieses Rings, und keines anderen.',
  tokenLater: 'Erst der Ring.',
  makeToken: 'Token für {{ring}} erstellen',
  commands: 'die zwei Befehle',
  install: 'Im Ordner Ihrer Anwendung',
  start: 'So starten Sie sie (legen Sie vorher den Token in die Datei)',
  code: 'In ihrem Code',
  wait: 'die erste Instanz',
  waiting: 'Warten auf die erste Instanz von {{ring}}…',
  waitingHint: 'Sie erscheint hier kurz nach ihrem Start. Sie können diese Seite offen lassen.',
  connected: '{{instance}} ist verbunden: {{standing}}.',
  connectedMore_one: 'Und {{count}} weitere Instanz.',
  connectedMore_other: 'Und {{count}} weitere Instanzen.',
  toOverview: 'Zur Übersicht von {{ring}}',
}
