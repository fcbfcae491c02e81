import type { errors as english } from '../en/errors.ts'

export const errors: typeof english = {
  400: { title: 'Diese Anfrage war nicht zu lesen', detail: 'Geh zurück und versuch es noch einmal.' },
  403: {
    title: 'Das ist nicht erlaubt',
    detail: 'Dein Konto darf das nicht, oder die Anfrage kam von einer anderen Website. Es wurde nichts geändert.',
  },
  404: {
    title: 'Hier ist nichts',
    detail: 'Die Adresse ist vielleicht vertippt, oder was hier war, wurde gelöscht.',
  },
  405: {
    title: 'Diese Adresse wird anders verwendet',
    detail: 'Sie gehört zu einem Formular. Öffne die Seite und verwende das Formular dort.',
  },
  413: { title: 'Das war zu viel auf einmal', detail: 'Sende weniger oder in kleineren Teilen.' },
  429: { title: 'Zu viele Versuche', detail: 'Es ist nichts verloren.' },
  500: {
    title: 'Auf diesem Server ging etwas schief',
    detail: 'Du kannst nichts dafür. Was vorher gespeichert war, ist noch da.',
  },
  503: {
    title: 'Dieser Server ist gerade nicht erreichbar',
    detail: 'Er ist ausgelastet oder erreicht seine Daten nicht. Was vorher gespeichert war, ist noch da.',
  },
  full: { title: 'Mehr davon gehen nicht', detail: 'Lösche etwas davon, dann ist wieder Platz.' },
  other: { title: 'Das hat nicht geklappt', detail: 'Es wurde nichts geändert.' },
  again: (wait) => ` Versuch es in ${wait} wieder.`,
  start: 'Zur Startseite',
  help: 'Wenn du um Hilfe bittest, nenn diese Anfrage: ',
  address: {
    title: 'Dieser Server hat eine andere Adresse',
    lead: {
      before: 'Dieser Server meint, er sei unter ',
      opened: '. Geöffnet hast du ',
      after: ', und dort ginge das Anmelden nicht.',
    },
    open: (address) => `${address} öffnen`,
    run: 'Wenn du diesen Server betreibst',
    set: { before: 'Setz ', after: ' auf die Adresse, die Leute öffnen, und starte ihn neu:' },
    command: 'Befehl',
  },
}
