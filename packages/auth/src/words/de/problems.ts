import type { problems as english } from '../en/problems.ts'
import { plural } from '../plural.ts'

/** „4 Minuten“: nach „in“, also im Dativ. */
const wait = (seconds: number): string => {
  if (seconds < 60) return plural('de', Math.max(1, seconds), { one: 'Sekunde', other: 'Sekunden' })
  const minutes = Math.ceil(seconds / 60)
  if (minutes <= 60) return plural('de', minutes, { one: 'Minute', other: 'Minuten' })
  return plural('de', Math.ceil(seconds / 3600), { one: 'Stunde', other: 'Stunden' })
}

export const problems: typeof english = {
  other: 'Das passt hier nicht.',
  summary: 'Bitte sieh dir das noch einmal an',
  mark: 'Fehler: ',
  tooMany: (seconds) => `Zu viele Versuche. Versuch es in ${wait(seconds)} wieder.`,
  passwordTooShort: (length) => `Nimm mindestens ${length} Zeichen. Am besten passt ein kurzer Satz.`,
  fields: {
    required: 'Fülle das aus.',
    username_length: 'Der Benutzername braucht 3 bis 32 Zeichen.',
    username_characters:
      'Erlaubt sind Buchstaben von a bis z, Ziffern, Punkte, Binde- und Unterstriche. Am Anfang steht ein Buchstabe oder eine Ziffer.',
    username_reserved: 'Dieser Benutzername ist für den Server reserviert. Wähle einen anderen.',
    username_taken: 'Dieser Benutzername ist vergeben. Wähle einen anderen.',
    username_same: 'Das ist schon dein Benutzername.',
    email_same: 'Dein Konto hat diese Adresse schon.',
    email_invalid: 'Gib eine E-Mail-Adresse wie name@example.org ein.',
    email_too_long: 'Eine E-Mail-Adresse hat höchstens 254 Zeichen.',
    email_taken: 'Diese Adresse hat schon ein Konto. Melde dich an oder nimm eine andere.',
    email_not_invited: 'Deine Einladung gilt für eine andere Adresse. Nimm die, an die sie ging.',
    password_malformed: 'Dieses Passwort enthält Zeichen, die sich nicht speichern lassen. Gib es noch einmal ein.',
    password_too_long: 'Höchstens 1024 Byte: so viele einfache Buchstaben, weniger mit Umlauten oder Emoji.',
    password_is_name: 'Das ähnelt deinem Benutzernamen, deiner Adresse oder dem Namen dieser Seite. Wähle ein anderes.',
    password_common: 'Dieses Passwort steht in Listen bekannt gewordener Passwörter. Wähle ein anderes.',
    wrong_code: 'Dieser Code stimmt nicht oder wurde schon benutzt.',
    wrong_current_password: 'Das aktuelle Passwort stimmt nicht.',
    'code.too_short': 'Gib den Code ein.',
    'password.too_short': 'Gib das Passwort ein.',
    'current_password.too_short': 'Gib das Passwort ein.',
    'new_password.too_short': 'Gib das Passwort ein.',
  },
}
