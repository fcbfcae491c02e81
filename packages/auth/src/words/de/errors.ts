import type { ErrorCode } from '../../lib/errors.ts'
import type { errors as english } from '../en/errors.ts'

const titles: Readonly<Record<ErrorCode, string>> = {
  malformed_request: 'Die Anfrage war nicht zu lesen',
  unsupported_token_type:
    'Ein Token für Programme endet nicht durch Abmelden: Sein Besitzer widerruft es unter /settings/tokens',
  not_signed_in: 'Nicht angemeldet',
  invalid_credentials: 'Benutzername oder Passwort stimmt nicht',
  second_factor_required: 'Ein Code deines Authenticators ist nötig',
  second_factor_enrolment_required:
    'Dieser Server verlangt bei der Anmeldung einen zweiten Schritt: Richte zuerst einen ein, in einem Browser',
  wrong_code: 'Dieser Code stimmt nicht oder wurde schon verwendet',
  sign_in_expired: 'Diese Anmeldung ist zu Ende; melde dich noch einmal an',
  invalid_token: 'Dieses Token ist nicht gültig',
  invalid_refresh_token: 'Dieses Refresh-Token ist nicht gültig',
  passkey_refused: 'Dieser Passkey wurde nicht angenommen',
  wrong_current_password: 'Das aktuelle Passwort stimmt nicht',
  account_leaving: 'Dieses Konto wird bald gelöscht',
  step_up_required: 'Zeig noch einmal, dass du es bist',
  second_factor_setup_required: 'Bei der Anmeldung ist ein zweiter Schritt nötig: Richte zuerst einen ein',
  address_unconfirmed: 'Bestätige zuerst deine E-Mail-Adresse',
  cross_site_request: 'Diese Anfrage kam von einer anderen Website',
  insufficient_scope: 'Dieses Token darf das nicht',
  forbidden: 'Nicht erlaubt',
  provider_refused: 'Der andere Dienst hat dich nicht angemeldet',
  provider_not_fresh: 'Vom anderen Dienst kam keine Auskunft, dass du eben gezeigt hast, wer du bist',
  account_waiting: 'Dein Konto wartet auf Freischaltung',
  invitation_required: 'Ein neues Konto braucht hier eine Einladung',
  registration_closed: 'Dieser Server nimmt keine neuen Konten an',
  not_found: 'Hier ist nichts',
  method_not_allowed: 'Diese Adresse nimmt diese Methode nicht',
  username_taken: 'Dieser Benutzername ist vergeben',
  email_taken: 'Diese Adresse hat schon ein Konto',
  identity_taken: 'Das Konto beim anderen Dienst gehört hier zu einem anderen Konto',
  second_factor_demanded:
    'Von diesem Konto wird ein zweiter Schritt verlangt: Füg einen anderen hinzu, bevor du diesen entfernst',
  last_way_in: 'Das ist dein einziger Weg hinein. Füg einen anderen hinzu, bevor du ihn entfernst',
  no_mail: 'Dieser Server kann keine E-Mails senden',
  last_admin: 'Das ist der einzige Administrator. Mach zuerst jemand anderen dazu',
  passkeys_unavailable: 'Unter der Adresse dieses Servers gibt es keine Passkeys',
  limit_reached: 'Mehr davon gehen nicht',
  conflict: 'Das wurde inzwischen geändert',
  body_too_large: 'Die Anfrage ist zu groß',
  unsupported_media_type: 'Diese Adresse nimmt diese Art von Inhalt nicht',
  misdirected_request: 'Dieser Server hat eine andere Adresse',
  invalid_fields: 'Bitte prüf deine Eingaben',
  link_invalid: 'Dieser Link wurde verwendet oder ist abgelaufen',
  provider_failed: 'Vom anderen Dienst kam keine gültige Antwort',
  too_many_attempts: 'Zu viele Versuche',
  internal_error: 'Auf diesem Server ging etwas schief',
  overloaded: 'Dieser Server ist ausgelastet',
  store_unavailable: 'Dieser Server erreicht seine Daten nicht',
}

export const errors: typeof english = {
  titles,
  goBack: 'Geh zurück oder beginn neu.',
  otherAddress: (address) =>
    `Dieser Server meint, er sei unter ${address}; setz BASE_URL auf die Adresse, die Leute öffnen.`,
  start: 'Zur Startseite',
  help: 'Wenn du um Hilfe bittest, nenn diese Anfrage: ',
}
