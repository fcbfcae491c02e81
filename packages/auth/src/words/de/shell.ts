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
}
