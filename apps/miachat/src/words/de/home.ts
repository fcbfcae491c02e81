import type { home as english } from '../en/home.ts'

export const home: typeof english = {
  title: 'Start',
  hello: 'Hallo, ',
  nothingSaid: 'Noch wurde nichts gesagt.',
  goOn: 'Weitermachen',
  steps: 'Erste Schritte',
  done: '(erledigt)',
  start: 'Los',
  startWith: (step) => `Los: ${step}`,
  choose: { title: 'Wähl einen Charakter', text: 'Beginn mit einem Beispiel oder mach deinen eigenen.' },
  say: { title: 'Sag Hallo', text: 'Beginn ein Gespräch; es wird für dich aufbewahrt.' },
  who: {
    title: 'Sieh, wer antwortet',
    text: 'Antworten sind zum Üben vorgegeben: Es ist kein KI-Modell verbunden. „Konfiguration“ zeigt, womit dieser Server läuft.',
  },
  characters: 'Deine Charaktere',
  all: 'Alle Charaktere',
  manage: 'Verwalten',
  talk: { before: 'Reden', to: 'mit' },
  answers: 'Wer antwortet',
  practice: 'Nur zum Üben',
  practiceText:
    'Es ist kein KI-Modell verbunden. Antworten sind vorgegeben, zum Üben, und verlassen diesen Server nie.',
  stays: 'Bleibt hier',
  staysText: (name) => `${name} antwortet auf dieser Maschine.`,
  leaves: (name) => `Geht an ${name}`,
  leavesText: (name) => `Was du schreibst, wird an ${name} gesendet.`,
  setUp: 'Wie dieser Server eingerichtet ist',
}
