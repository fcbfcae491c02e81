import type { preferences as english } from '../en/preferences.ts'
import { plural } from '../plural.ts'

const conversations = (count: number): string => plural('de', count, { one: 'Gespräch', other: 'Gespräche' })

export const preferences: typeof english = {
  sections: {
    '/settings/appearance': 'Aussehen',
    '/settings/chat': 'Gespräche',
    '/settings/privacy': 'Privatsphäre',
  },
  save: 'Speichern',
  saving: 'Wird gespeichert …',
  saved: 'Gespeichert.',
  appearance: {
    lead: 'Das gilt auf jedem Gerät, auf dem du dich anmeldest. Hell oder dunkel wählst du für jeden Browser.',
    theme: 'Hell oder dunkel',
    look: 'Text und Raum',
    textSize: 'Größe des Textes',
    textSizes: {
      '90': 'Klein (90 %)',
      '100': 'Normal (100 %)',
      '110': 'Größer (110 %)',
      '125': 'Groß (125 %)',
      '150': 'Sehr groß (150 %)',
    },
    density: 'Raum zwischen Zeilen',
    densities: { roomy: 'Weit', compact: 'Eng' },
    width: 'Breite der Nachrichten',
    widths: { narrow: 'Schmal', usual: 'Normal', wide: 'Breit' },
    motion: 'Bewegung',
    motions: { system: 'Wie das Gerät es sagt', less: 'Keine' },
  },
  chat: {
    lead: 'Das gilt auf jedem Gerät, auf dem du dich anmeldest.',
    talking: 'Beim Schreiben',
    sendWith: 'Was eine Nachricht sendet',
    sendHint: 'Umschalttaste und Enter macht immer eine neue Zeile. Auf dem Handy macht das Enter allein.',
    sendKeys: { enter: 'Die Taste Enter', 'ctrl-enter': 'Strg oder ⌘ und Enter' },
    reading: 'Was ein Screenreader vorliest',
    readings: { whole: 'Die Antwort, bis zu 600 Zeichen', short: 'Nur, dass eine Antwort da ist' },
    follow: 'Mit neuem Text mitgehen',
    followHint: 'Nur solange du am Ende des Gesprächs bist.',
    times: 'Zeigen, wann etwas gesagt wurde',
  },
  privacy: {
    keeping: 'Wie lange Gespräche aufbewahrt werden',
    keepingIntro: 'Es zählt ab der letzten Nachricht. Charaktere und Persönlichkeiten bleiben.',
    keep: 'Meine Gespräche aufbewahren',
    keepHint: 'Eine kürzere Zeit löscht, was älter ist, frühestens eine Stunde nach dem Speichern.',
    times: {
      ever: 'Bis ich sie lösche',
      '1': 'Vorübergehend: einen Tag',
      '7': 'Eine Woche',
      '30': '30 Tage',
      '90': '90 Tage',
      '365': 'Ein Jahr',
    },
    outdated: (count) =>
      `${plural('de', count, { one: 'Gespräch ist älter und wird', other: 'Gespräche sind älter und werden' })} gelöscht.`,
    toKeep: 'Soll bleiben, was älter ist, wähl jetzt eine längere Zeit.',
    none: 'Du hast gerade keine Gespräche.',
    have: (count) => `Du hast ${conversations(count)}.`,
    deleteAll: 'Alle Gespräche löschen …',
    readers: 'Wer was lesen kann',
    administrators: 'Administratoren',
    administratorsSee:
      ' sehen in MiaChat: deinen Namen und deine Adresse, wann du dich angemeldet hast, deine Geräte, wie dein Konto geschützt ist, und sein Protokoll. Keine Seite zeigt ihnen deine Gespräche, Charaktere oder Persönlichkeiten.',
    operator: 'Wer die Maschine betreibt,',
    operatorSees:
      ' kann alles in ihrer Datenbank und in Kopien davon lesen: Gespräche liegen dort unverschlüsselt. Was du löschst, bleibt in älteren Sicherungen, solange es sie gibt.',
    nobody: 'Sonst niemand.',
    nobodySees: ' Kein KI-Modell ist verbunden: Was du schreibst, verlässt diesen Server nicht.',
    memory: 'Gedächtnis',
    memoryText:
      'Charaktere wissen, was in einem Gespräch gesagt wurde, solange es das gibt, und nichts von einem Gespräch zum nächsten. Mehr gibt es nicht abzuschalten oder zu löschen.',
    letters: 'Briefe',
    lettersCome:
      'Du bekommst einen Brief, wenn sich etwas ändert, was dein Konto öffnet: ein neues Gerät, ein anderes Passwort, ein Passkey. Diese Briefe lassen sich nicht abschalten: An ihnen merkst du, wenn es jemand anders war. Sonst kommen nur Briefe, um die du bittest. Alles steht auch im ',
    noLetters: 'Dieser Server sendet keine Briefe. Was mit deinem Konto geschieht, steht im ',
    activity: 'Verlauf',
  },
}
