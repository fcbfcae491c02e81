import type { frame as english } from '../en/frame.ts'

export const frame: typeof english = {
  main: 'Hauptmenü',
  menu: 'Menü',
  signedInAs: 'Angemeldet als',
  pages: {
    '/': 'Start',
    '/chat': 'Chat',
    '/characters': 'Charaktere',
    '/personality': 'Persönlichkeiten',
    '/settings': 'Einstellungen',
    '/config': 'Konfiguration',
  },
}
