import type { frame as english } from '../en/frame.ts'
import { plural } from '../plural.ts'

export const frame: typeof english = {
  main: 'Hauptmenü',
  menu: 'Menü',
  signedInAs: 'Angemeldet als',
  forgot: {
    title: 'Frag die Person, die diesen Server betreibt',
    text: 'Sie kann einen Link machen, der einmal gilt und dich ein neues Passwort setzen lässt. Dein Passwort sieht sie nie. Sie tippt:',
  },
  letters: {
    folder: 'Dieser Server sendet keine E-Mails: Er legt Briefe in einen eigenen Ordner.',
    ask: ' Frag die Person, die ihn betreibt.',
    page: 'Briefe dieser Maschine',
  },
  scopes: { chat: 'Gespräche beginnen und darin schreiben', characters: 'Charaktere anlegen' },
  goes: {
    talks: (count) => `${plural('de', count, { one: 'Gespräch', other: 'Gespräche' })} mit allen Nachrichten`,
    characters: (count) => plural('de', count, { one: 'Charakter', other: 'Charaktere' }),
    picture: 'Dein Bild',
    personalities: (count) => plural('de', count, { one: 'Persönlichkeit', other: 'Persönlichkeiten' }),
  },
  preview: {
    tagline: 'Hört erst zu. Stellt immer nur eine gute Frage.',
    talk: {
      first: 'Guten Abend. Ich bin Mia. Was führt dich her?',
      second: 'Ich bin spät nach Hause gekommen und konnte nicht zur Ruhe kommen.',
      third: 'Was hast du zuerst bemerkt, als du nach Hause kamst?',
    },
  },
  pages: {
    '/': 'Start',
    '/chat': 'Chat',
    '/characters': 'Charaktere',
    '/personality': 'Persönlichkeiten',
    '/settings': 'Einstellungen',
    '/config': 'Konfiguration',
  },
}
