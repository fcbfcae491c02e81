import type { shell as english } from '../en/shell.ts'

export const shell: typeof english = {
  skip: 'Zum Inhalt',
  theme: 'Farben',
  light: 'Hell',
  dark: 'Dunkel',
  system: 'Automatisch',
  language: 'Sprache',
  show: 'Zeigen',
  hide: 'Verbergen',
  shown: 'Passwort',
  leaveEmpty: 'Lass das leer',
  settings: 'Einstellungen',
  sections: {
    '/settings': 'Profil',
    '/settings/security': 'Sicherheit',
    '/settings/second-factor': 'Anmeldung in zwei Schritten',
    '/settings/passkeys': 'Passkeys',
    '/settings/devices': 'Geräte',
    '/settings/tokens': 'Schlüssel für Programme',
    '/settings/address': 'E-Mail-Adresse',
    '/settings/access': 'Zugänge',
    '/settings/activity': 'Verlauf',
    '/settings/data': 'Deine Daten',
  },
}
