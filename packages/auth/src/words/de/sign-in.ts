import type { signIn as english } from '../en/sign-in.ts'
import { plural } from '../plural.ts'

export const signIn: typeof english = {
  login: {
    title: 'Anmelden',
    name: 'Benutzername oder E-Mail-Adresse',
    password: 'Passwort',
    remember: (count) =>
      `Auf diesem Gerät bis zu ${plural('de', count, { one: 'Tag', other: 'Tage' })} angemeldet bleiben`,
    shared: 'An diesem Computer sind auch andere',
    sharedHint: (count) =>
      `Nach ${plural('de', count, { one: 'Minute', other: 'Minuten' })} ohne Nutzung wirst du abgemeldet, und nichts, was du eingibst, bleibt in diesem Browser.`,
    submit: 'Anmelden',
    busy: 'Anmeldung läuft …',
    withPasskey: 'Mit einem Passkey anmelden',
    forgot: 'Passwort vergessen?',
    newHere: 'Neu hier?',
    create: 'Konto anlegen',
    wrong: 'Benutzername oder Passwort stimmt nicht. Prüfe beides.',
    passwordSet: 'Dein Passwort ist gesetzt. Melde dich damit an.',
    ended:
      'Du warst abgemeldet; was du gesendet hast, wurde nicht gespeichert. Geh nach dem Anmelden im Browser zurück, um es wiederzufinden.',
    plainHttp:
      'Diese Seite ist nicht verschlüsselt. Andere in diesem Netz können mitlesen, was du hier eingibst, auch dein Passwort.',
  },
  register: {
    title: 'Konto anlegen',
    name: 'Benutzername',
    nameHint: '3 bis 32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche.',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    passwordHint: (length) => `Mindestens ${length} Zeichen. Am besten ein kurzer Satz: lang und leicht zu merken.`,
    submit: 'Konto anlegen',
    busy: 'Dein Konto wird angelegt …',
    withPasskey: 'Mit einem Passkey anlegen',
    passkeyHint: 'Dann brauchst du kein Passwort: Fingerabdruck, Gesicht oder Bildschirmsperre melden dich an.',
    after: 'Danach bist du gleich angemeldet.',
    afterApproval: 'Bevor dein Konto freigeschaltet wird, sieht es sich ein Administrator an.',
    invited: 'Du bist eingeladen.',
    invitedAddress: 'Die Einladung gilt nur für diese Adresse.',
    already: 'Du hast schon ein Konto?',
    signIn: 'Anmelden',
    closed: 'Keine neuen Konten',
    closedLead: (contact) => `Dieser Server ist privat. ${contact}`,
    askOperator: 'Wenn du ein Konto möchtest, frag die Person, die ihn betreibt.',
    byInvitation: 'Nur mit Einladung',
    byInvitationLead: (contact) =>
      `Für ein neues Konto brauchst du hier eine Einladung: einen Link von den Leuten, die diesen Server betreiben. ${contact}`,
    askForInvitation: 'Frag sie danach.',
    invitationInvalid: 'Diese Einladung gilt nicht mehr',
    invitationInvalidLead:
      'Sie wurde benutzt, zurückgezogen oder ist abgelaufen. Bitte den Menschen, von dem du sie hast, um eine neue.',
    withoutInvitation: 'Konto ohne Einladung anlegen',
    usedInvitation: 'Hast du sie selbst benutzt? Dann hast du schon ein Konto: Melde dich an.',
  },
  waiting: {
    title: 'Dein Konto wartet auf Freischaltung',
    lead: 'Du musst nichts weiter tun. Ein Administrator dieses Servers sieht sich jedes neue Konto an, bevor es offen ist.',
    kept: (count) =>
      `Hat niemand entschieden, wird das Konto nach ${plural('de', count, { one: 'Tag', other: 'Tagen' })} gelöscht, und du kannst dich neu registrieren.`,
    letter: 'Du bekommst einen Brief, wenn das entschieden ist.',
    written: 'Dann wird ein Brief geschrieben.',
    noLetter: 'Versuch später, dich anzumelden: Dann siehst du, ob es offen ist.',
    back: 'Zurück zur Anmeldung',
  },
  first: {
    title: 'Diesen Server verwalten',
    yours: {
      before: 'Dein Konto ',
      after:
        ' wird Administrator. Danach meldest du dich neu an und richtest einen zweiten Schritt ein, falls du keinen hast.',
    },
    become: 'Administrator werden',
    leave: 'Abbrechen',
    lead: 'Dieser Server hat noch keinen Administrator. Leg ein Konto an, das es wird, oder melde dich bei deinem an.',
    dead: 'Dieser Code gilt nicht mehr',
    deadLead:
      'Er wurde verwendet, ist abgelaufen, oder dieser Server hat inzwischen einen Administrator. Wer den Server betreibt, kann auf der Kommandozeile einen benennen: miachat user role NAME admin.',
    goOn: 'Weiter',
  },
  secondFactor: {
    title: 'Code eingeben',
    lead: 'Dein Passwort stimmt. Noch ein Schritt.',
    code: 'Code',
    hint: 'Die 6 Ziffern aus deiner Authenticator-App oder einer deiner Wiederherstellungscodes.',
    trust: (count) => `Diesem Gerät ${plural('de', count, { one: 'Tag', other: 'Tage' })} lang vertrauen`,
    trustHint: 'Es fragt dann nur noch nach deinem Passwort. Nicht für gemeinsam genutzte Computer.',
    submit: 'Anmelden',
    busy: 'Anmeldung läuft …',
    withPasskey: 'Stattdessen einen Passkey nehmen',
    withKey: 'Stattdessen einen Sicherheitsschlüssel verwenden',
    withEither: 'Stattdessen Passkey oder Sicherheitsschlüssel verwenden',
    passkeyTitle: 'Nimm deinen Passkey',
    recovery: {
      code: 'Wiederherstellungscode',
      hint: 'Einer deiner Wiederherstellungscodes, wenn du deinen Passkey nicht zur Hand hast.',
      submit: 'Wiederherstellungscode verwenden',
    },
    passkeyWithout: 'Passkeys brauchen Skripte und einen Browser, der sie kennt.',
    again: 'Neu beginnen',
    ended: 'Diese Anmeldung ist abgelaufen',
    endedLead:
      'Sie hat zu lange gedauert oder hatte zu viele falsche Codes. Melde dich noch einmal mit deinem Passwort an.',
    wrong: 'Dieser Code stimmt nicht oder wurde schon benutzt.',
  },
  providers: {
    group: 'Weitere Wege zur Anmeldung',
    or: 'oder',
    before: 'Weiter mit ',
    after: '',
  },
}
