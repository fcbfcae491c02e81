import type { recovery as english } from '../en/recovery.ts'

export const recovery: typeof english = {
  forgot: {
    title: 'Passwort vergessen?',
    sentLead: 'Wir schicken einen Link an die E-Mail-Adresse deines Kontos. Damit setzt du ein neues Passwort.',
    writtenLead: 'Mit einem Link aus einem Brief kannst du ein neues setzen.',
    name: 'E-Mail-Adresse oder Benutzername',
    missing: 'Gib deine E-Mail-Adresse oder deinen Benutzernamen ein.',
    send: 'Link schicken',
    write: 'Brief schreiben',
    busy: 'Anfrage läuft …',
    noMail: 'Kommst du nicht an deine E-Mails?',
    otherWays: 'Andere Wege',
    back: 'Zurück zur Anmeldung',
    noWay: 'Auf diesem Server kannst du selbst kein neues Passwort setzen. Frag die Person, die ihn betreibt.',
    ways: 'Dieser Server verschickt keine E-Mails, und niemand kann dein altes Passwort lesen. So setzt du ein neues:',
    command: 'Befehl',
  },
  asked: {
    sentTitle: 'Sieh in deine E-Mails',
    writtenTitle: 'Ein Brief wurde geschrieben',
    sentLead:
      'Wenn es ein Konto mit diesem Namen oder dieser Adresse gibt, ist ein Brief mit einem Link dorthin unterwegs.',
    writtenLead:
      'Wenn es ein Konto mit diesem Namen oder dieser Adresse gibt, wurde ein Brief mit einem Link geschrieben.',
    once: 'Der Link gilt einmal, 30 Minuten lang. Ein neuer macht ältere ungültig.',
    sentAgain: {
      before: 'Nach ein paar Minuten noch nichts da? Sieh in den Spam-Ordner, dann ',
      label: 'frag noch einmal an',
      after: '. Ein Konto bekommt höchstens fünf Briefe in der Stunde.',
    },
    writtenAgain: {
      before: 'Nach ein paar Minuten noch nichts da? ',
      label: 'Frag noch einmal an',
      after: '. Ein Konto bekommt höchstens fünf Briefe in der Stunde.',
    },
    noLetter: 'Kein Brief da?',
  },
  reset: {
    title: 'Neues Passwort setzen',
    lead: 'Danach bist du überall sonst abgemeldet.',
    leadTakesWays:
      'Danach bist du überall sonst abgemeldet. Passkeys und verknüpfte Dienste werden entfernt: Sie kamen dazu, bevor jemand diese E-Mail-Adresse bestätigt hatte.',
    name: 'Benutzername',
    password: 'Neues Passwort',
    submit: 'Passwort setzen',
    busy: 'Dein Passwort wird gesetzt …',
  },
  dead: {
    title: 'Dieser Link gilt nicht mehr',
    lead: 'Er wurde benutzt oder ist abgelaufen. Hol dir einen neuen oder versuch es noch einmal mit deinem Passwort.',
    leadAnew: 'Er wurde benutzt oder ist abgelaufen. Wir können einen neuen an dasselbe Konto schicken.',
    how: 'So bekommst du einen neuen Link',
    send: 'Neuen Link schicken',
    busy: 'Anfrage läuft …',
    signIn: 'Anmelden',
  },
  undo: {
    title: 'Hol dir dein Konto zurück',
    lead: { before: 'Für das Konto ', after: '. Tu das, wenn etwas geändert wurde und du es nicht warst:' },
    everybodyOut: 'Jedes Gerät und jedes Programm wird abgemeldet.',
    username: { before: 'Dein Benutzername ist wieder ', after: '.' },
    address: { before: 'Deine Adresse ist wieder ', after: '.' },
    waysGo: 'Passkeys und verknüpfte Dienste, die seitdem dazukamen, werden entfernt.',
    password: 'Das Passwort gilt nicht mehr, und du wählst auf der nächsten Seite ein neues.',
    factorStays:
      'Die Anmeldung in zwei Schritten bleibt, wie sie ist. Hat jemand anders sie eingerichtet, frag die Leute, die diesen Server betreiben.',
    submit: 'Das war ich nicht: alle abmelden',
    busy: 'Alle werden abgemeldet …',
    itWasMe: 'Wenn du es warst, schließ diese Seite: Es geschieht nichts.',
  },
  undoDead: {
    title: 'Dieser Link gilt nicht mehr',
    lead: 'Er wurde benutzt, ist abgelaufen, oder dein Konto wurde inzwischen zurückgeholt. Wenn etwas nicht stimmt, setz ein neues Passwort: Das meldet alle anderen ab.',
    submit: 'Neues Passwort setzen',
    signIn: 'Anmelden',
  },
}
