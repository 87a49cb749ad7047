/** What went wrong, by the hub's codes. */
import type { errors as english } from '../en/errors.ts'
import type { Translation } from '../translation.ts'

export const errors: Translation<typeof english> = {
  title: 'Das ging nicht',
  code: 'Code',
  codes: {
    ERR_NETWORK: 'Der Hub antwortet nicht. Soweit bekannt, ist nichts verändert.',
    ERR_CONSOLE: 'Die Konsole hat einen Fehler gemacht. Laden Sie die Seite neu.',
    ERR_AUTH_FORBIDDEN: 'Ihre Rolle erlaubt das nicht.',
    ERR_AUTH_CSRF: 'Die Seite ist veraltet. Laden Sie sie neu.',
    ERR_RING_OPERATION:
      'An diesem Ring läuft ein anderer Vorgang. Warten Sie, bis er endet, oder brechen Sie ihn ab.',
    ERR_RING_RETIRING:
      'Der vorige Schlüssel läuft noch aus. Ein Wechsel jetzt lässt beide gültig; dem müssen Sie ausdrücklich zustimmen.',
    ERR_RING_CONFLICT:
      'Jemand anderes hat den Ring im selben Augenblick geändert. Sehen Sie nach, und wiederholen Sie es.',
    ERR_RING_PLAN: 'Der Ring hat sich seit dieser Vorschau geändert. Lassen Sie sich eine neue zeigen.',
    ERR_RING_NO_INSTANCES: 'Keine Instanz ist verbunden, also kann niemand den neuen Schlüssel bestätigen.',
    ERR_RING_REGRESSED:
      'Änderungen ruhen: Die Datenbank wurde zurückgesetzt. Der Ausweg ist ein Notfallwechsel oder eine neue Epoche.',
    ERR_RING_NO_UNDO: 'Es gibt nichts zurückzunehmen.',
    ERR_RING_TARGET: 'Zu diesem Schlüssel führt kein Weg mehr zurück.',
    ERR_RING_FULL: 'Der Ring ist voll. Lösen Sie zuerst einen Schlüssel ab.',
    ERR_GATE_TIMEOUT:
      'Nicht jede Instanz hat rechtzeitig bestätigt. Nichts signiert mit dem neuen Schlüssel; alles arbeitet weiter.',
    ERR_CONFIRM_TIMEOUT: 'Die Änderung gilt. Nicht jede Instanz hat sie rechtzeitig bestätigt.',
    ERR_CONFIG_LIMITS: 'Diese Zeiten passen nicht zueinander.',
    ERR_OPERATOR_EXISTS: 'Diesen Namen hat schon jemand.',
    ERR_OPERATOR_LAST_ADMIN: 'Der letzte Administrator bleibt.',
    ERR_RING_KEY_OUTSTANDING:
      'Token dieses Schlüssels sind noch gültig. Wer sie hat, wird abgemeldet, wenn er jetzt abgelöst wird.',
    ERR_RING_INSTANCE_ALIVE: 'Die Instanz lebt: Nur eine verschollene kann vergessen werden.',
    ERR_STORE_UNREACHABLE: 'Der Hub erreicht seine Datenbank nicht. Nichts wurde geändert.',
    ERR_STORE_MISSING: 'Der Hub hat keinen solchen Ring.',
    ERR_ROTATION_NOT_FOUND: 'Der Hub kennt keinen solchen Wechsel dieses Rings.',
    ERR_RING_EXISTS: 'Einen Ring dieses Namens gibt es schon.',
    ERR_RING_KEY_STATE: 'Der Schlüssel hat inzwischen einen anderen Zustand. Sehen Sie noch einmal nach.',
    ERR_RING_INSTANCE_NOT_FOUND: 'Eine Instanz dieses Namens gibt es nicht mehr.',
    ERR_AUTH_PASSWORD: 'Der Hub nimmt dieses Passwort nicht an.',
    ERR_AUTH_LOCKED: 'Zu viele Fehlversuche. Warten Sie, bevor Sie es noch einmal versuchen.',
    ERR_OPERATOR_NOT_FOUND: 'Einen Operator dieses Namens gibt es nicht mehr.',
    ERR_REQUEST_IDEMPOTENCY:
      'Dieselbe Änderung wurde schon einmal gesendet. Sehen Sie in der Übersicht nach, ob sie läuft.',
    ERR_HUB_BUSY: 'Der Hub ist gerade zu beschäftigt. Versuchen Sie es gleich noch einmal.',
    ERR_HUB_INTERNAL: 'Der Hub hat einen Fehler gemacht. Mehr steht in seinem Log.',
    ERR_REQUEST_INVALID: 'Der Hub hat diese Eingabe nicht angenommen.',
  },
}
