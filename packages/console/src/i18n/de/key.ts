/** Words of this screen. */
import type { key as english } from '../en/key.ts'
import type { Translation } from '../translation.ts'

export const key: Translation<typeof english> = {
  title: 'Schlüssel {{kid}}',
  unknown: 'Dieser Ring hat keinen Schlüssel {{kid}}, und sein Prüfprotokoll hat nie einen so genannt.',
  secretNever: 'Das Geheimnis selbst wird nie gezeigt: nicht hier, nicht im Log, nicht im Prüfprotokoll.',
  alias: '{{alias}} ist ein anderer Name dieses Schlüssels.',
  now: 'Jetzt',
  means: {
    staged: 'Er prüft Token und signiert noch nicht.',
    active: 'Er signiert jeden neuen Token und prüft.',
    retiring: 'Er signiert nichts mehr. Seine Token gelten noch.',
    suspended:
      'Er signiert und prüft nicht. Seine Bytes werden aufbewahrt, damit eine Rücknahme ihn zurückholen kann.',
    compromised:
      'Er ist auf jeder Instanz endgültig tot. Seine Bytes sind gelöscht, und er kann nie zurückkommen.',
    destroyed: 'Er hat den Ring verlassen, und seine Bytes sind gelöscht.',
  },
  legacy:
    'Er wurde übernommen, obwohl er schwächer ist, als die heutigen Regeln erlauben: Er darf prüfen, nie signieren.',
  bytesLost: 'Er wurde von Hand ersetzt: Seine Bytes sind nicht mehr im Speicher.',
  times: 'Zeiten',
  createdAt: 'Im Ring seit',
  activatedAt: 'Aktiv seit',
  activatedLast: 'Zuletzt aktiv geworden',
  deactivatedAt: 'Signiert nicht mehr seit',
  verifyUntil: 'Prüft bis',
  holdUntil: 'Aufbewahrt bis',
  byHand: 'von Hand gesetzt',
  algorithm: 'Verfahren',
  aliases: 'Heißt auch',
  fingerprint: 'Fingerabdruck',
  fingerprintText:
    'Die Kid wird aus dem Geheimnis berechnet: Wer dieselben Zeichen liest, hat dasselbe Geheimnis. Lesen Sie sie in Vierergruppen vor.',
  fingerprintLegacy:
    'Die Kid eines übernommenen schwachen Geheimnisses ist zufällig, damit niemand es daraus erraten kann.',
  identicon: 'Bild der Kid: fünf Reihen, von oben {{rows}}',
  instances: 'Instanzen, die ihn haben',
  instancesNone: 'Keine Instanz hat ihn.',
  instancesMore: 'und {{left}} weitere',
  traffic: 'Token in den letzten 48 Stunden',
  verified: 'Geprüft',
  signed: 'Signiert',
  lastVerified: 'Zuletzt geprüft',
  never: 'nicht in dieser Zeit',
  history: 'Verlauf',
  historyNone: 'Das Prüfprotokoll nennt ihn nicht.',
  entry: 'Eintrag im Prüfprotokoll: Generation {{generation}}',
  actions: 'Was Sie tun können',
  nothingToDo: 'Nichts: Er ist schon weg.',
  rollback: 'Auf diesen Schlüssel zurücknehmen…',
  emergency: 'Notfallwechsel für diesen Schlüssel…',
  retire: {
    open: 'Jetzt ablösen…',
    title: '{{kid}} jetzt ablösen?',
    text: 'Er prüft in Sekunden auf keiner Instanz mehr und wird noch {{hold}} aufbewahrt, dann gelöscht. Eine Rücknahme bringt ihn nicht zurück.',
    outstanding: 'Token von ihm können gültig sein bis',
    outstandingUnknown: 'Niemand weiß, wie lange Token von ihm gelten.',
    outstandingText: 'Wer einen hat, bekommt still einen neuen oder meldet sich neu an.',
    force: 'Ablösen, obwohl noch Token von ihm gelten können',
    none: 'Kein Token von ihm kann mehr gültig sein.',
    action: '{{kid}} jetzt ablösen',
    done: '{{kid}} ist abgelöst: Er prüft nirgends mehr.',
  },
  destroy: {
    open: 'Vernichten…',
    title: '{{kid}} vernichten?',
    suspended:
      'Seine Bytes werden gelöscht. Auf ihn zurückzunehmen ist danach unmöglich, und dies rückgängig zu machen auch.',
    staged:
      'Seine Bytes werden gelöscht. Er hat nichts signiert, also merkt es niemand. Das lässt sich nicht rückgängig machen.',
    action: '{{kid}} endgültig vernichten',
    done: '{{kid}} ist vernichtet.',
  },
}
