import type { providers as english } from '../en/providers.ts'

export const providers: typeof english = {
  going: (label) => `Weiter zu ${label}`,
  goingLead: ' fragt, wer du bist, und schickt dich dann hierher zurück.',
  goOn: 'Weiter zu ',
  back: 'Zurück zur Anmeldung',
  welcome: {
    title: 'Wähl einen Namen',
    lead: {
      before: 'Du bist angemeldet bei ',
      as: ' als ',
      after: '. Damit ist hier noch kein Konto verknüpft.',
    },
    name: 'Benutzername',
    nameHint: '3 bis 32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche.',
    address: { before: 'Dein Konto bekommt die Adresse ', after: '.' },
    submit: 'Konto anlegen',
    busy: 'Dein Konto wird angelegt …',
    have: {
      before: 'Du hast hier schon ein Konto?',
      link: 'Melde dich an',
      service: ' und verknüpf in deinen Einstellungen ',
      after: '.',
    },
    ended: 'Diese Anmeldung ist zu Ende',
    endedLead: 'Sie hat zu lange gedauert oder war schon fertig. Melde dich noch einmal an.',
    signIn: 'Anmelden',
  },
  page: {
    title: 'Anmeldung über andere Dienste',
    linked: 'Verknüpfte Konten',
    linkedIntro: 'Löst du eine Verknüpfung, werden alle anderen Geräte abgemeldet.',
    none: 'Keine. Nur was du hier eingerichtet hast, meldet dich an.',
    linkAnother: 'Weiteres Konto verknüpfen',
    linkIntro:
      'Wer dort angemeldet ist, kann dann dein Konto hier öffnen. Nach einem Code wird weiterhin gefragt, wo du einen verwendest.',
    link: '',
    linkAfter: ' verknüpfen',
    since: ', verknüpft am ',
    notUsed: ', noch nicht verwendet',
    lastUsed: ', zuletzt verwendet am ',
    closed: ' Dieser Server bietet den Dienst nicht mehr an: Er öffnet nichts.',
    unlink: 'Verknüpfung lösen',
    linkedNow: 'Das Konto ist verknüpft. Du kannst dich damit anmelden.',
    unlinkedNow: 'Die Verknüpfung ist gelöst. Alle anderen Geräte sind abgemeldet.',
  },
  otherService: 'dem anderen Dienst',
  why: {
    provider_refused: (label) =>
      `Die Anmeldung bei ${label} ist nicht gelungen, oder du hast sie dort abgebrochen. Versuch es noch einmal oder nimm einen anderen Weg.`,
    provider_not_fresh: (label) =>
      `Von ${label} kam keine Auskunft, dass du dort eben gezeigt hast, wer du bist. Melde dich hier ab und wieder an: Das gilt 10 Minuten.`,
    provider_failed: (label) =>
      `Der Weg zu ${label} ist gerade nicht offen, oder die Antwort war ungültig. Versuch es in einer Minute wieder oder nimm einen anderen Weg.`,
    sign_in_expired: () =>
      'Diese Anmeldung hat zu lange gedauert, war schon fertig oder wurde in einem anderen Browser begonnen. Beginn neu.',
    invalid_credentials: (label) => `Dieses Konto bei ${label} öffnet hier kein Konto.`,
    registration_closed: (label) =>
      `Mit diesem Konto bei ${label} ist hier keines verknüpft, und dieser Server nimmt keine neuen Konten an. Hast du eines, melde dich an und verknüpf ${label} in deinen Einstellungen.`,
    invitation_required: (label) =>
      `Mit diesem Konto bei ${label} ist hier keines verknüpft, und ein neues braucht eine Einladung. Hast du ein Konto, melde dich an und verknüpf ${label} in deinen Einstellungen.`,
    link_invalid: () => 'Diese Einladung wurde verwendet, zurückgezogen oder ist abgelaufen. Bitte um eine andere.',
    invalid_fields: (label) => `Deine Einladung gilt für eine andere Adresse als die deines Kontos bei ${label}.`,
    email_taken: (label) =>
      `Ein Konto hier hat die Adresse deines Kontos bei ${label}. Melde dich dort an und verknüpf ${label} dann in deinen Einstellungen.`,
    identity_taken: (label) =>
      `Dieses Konto bei ${label} ist hier mit einem anderen Konto verknüpft. Lös zuerst dort die Verknüpfung.`,
    last_way_in: () => 'Das ist dein einziger Weg hinein. Setz ein Passwort, bevor du die Verknüpfung löst.',
    too_many_attempts: () => 'Zu viele Versuche. Warte eine Weile und beginn neu.',
  },
}
