import type { letters as english } from '../en/letters.ts'

export const letters: typeof english = {
  hello: (name) => `Hallo ${name},`,
  helloNobody: 'Hallo,',
  subject: (subject, site) => `${subject} – ${site}`,
  reason: (reason) => `Grund: ${reason}`,
  how: (device, address, time) => `Gerät: ${device}. Netzadresse: ${address}. Zeit: ${time}.`,
  atServer: (time) => `Von den Leuten, die diesen Server betreiben. Zeit: ${time}.`,
  time: (time) => `Zeit: ${time}.`,
  always: 'Nachrichten über die Sicherheit deines Kontos lassen sich nicht abschalten.',
  mistake: 'Hältst du das für einen Irrtum, frag die Leute, die diesen Server betreiben.',
  openAddress: 'Oder öffne diese Adresse:',
  signIn: 'Anmelden',
  reset: {
    subject: (site) => `Neues Passwort für ${site} setzen`,
    text: 'Jemand hat um ein neues Passwort für dein Konto gebeten. Dieser Link gilt einmal, 30 Minuten lang.',
    action: 'Neues Passwort setzen',
    ignore: 'Hast nicht du darum gebeten, musst du nichts tun: Es hat sich nichts geändert.',
  },
  notice: {
    what: 'Warst du das, musst du nichts tun. Warst du es nicht, hol dir dein Konto mit diesem Knopf zurück: Er meldet alle Geräte ab, und du wählst ein neues Passwort.',
    action: 'Das war ich nicht',
    until: (time) => `Der Knopf gilt einmal, bis ${time}.`,
  },
  deleted: {
    subject: 'Dein Konto ist geschlossen',
    text: 'Ein Administrator dieses Servers hat dein Konto geschlossen. Alle Geräte wurden abgemeldet.',
    gone: 'Alles darin ist gelöscht.',
    goes: (time) => `Alles darin wird nach ${time} gelöscht.`,
    keep: 'Willst du es behalten, melde dich vorher an.',
  },
  confirm: {
    subject: (site) => `Bestätige deine Adresse für ${site}`,
    text: (username) =>
      `Zeig, dass diese Adresse dir gehört und zum Konto „${username}“. Gib diesen Code innerhalb von 10 Minuten ein, wo du angemeldet bist, oder verwende den Knopf innerhalb eines Tages.`,
    action: 'Diese Adresse bestätigen',
    ignore: 'Hast du kein solches Konto, tu nichts: Dann wird deine Adresse nicht bestätigt.',
  },
  taken: {
    subject: 'Du hast schon ein Konto',
    text: (username) =>
      `Jemand, vielleicht du, wollte diese Adresse für ein anderes Konto verwenden. Sie gehört schon zu deinem Konto „${username}“, und es hat sich nichts geändert.`,
    lost: 'Hast du dein Passwort verloren, kannst du ein neues setzen.',
    ignore: 'Warst du das nicht, musst du nichts tun.',
  },
  putBack: {
    subject: 'Deine Adresse wurde aus einem Konto genommen',
    text: 'Die Person, der die frühere Adresse des Kontos gehört, hat gesagt, dass die Änderung auf diese Adresse nicht von ihr kam. Die frühere gilt wieder, und alle Geräte wurden abgemeldet.',
    ask: 'Ist das Konto deins, frag die Leute, die diesen Server betreiben.',
  },
  left: {
    subject: 'Deine E-Mail-Adresse wurde geändert',
    text: 'Dein Konto hat jetzt eine andere E-Mail-Adresse, und sie wurde bestätigt. Hierher kommen keine Briefe mehr.',
    ask: 'Diese Adresse wurde nie bestätigt, also lässt sich von hier nichts rückgängig machen. Warst du das nicht, frag die Leute, die diesen Server betreiben.',
  },
  invitation: {
    subject: (site) => `Du bist zu ${site} eingeladen`,
    text: (site, time) =>
      `Du kannst bei ${site} ein Konto anlegen. Der Link ist nur für dich: Er gilt einmal, bis ${time}.`,
    action: 'Konto anlegen',
    ignore: 'Möchtest du keines, musst du nichts tun.',
  },
  approved: {
    subject: 'Dein Konto ist freigeschaltet',
    text: 'Die Leute, die diesen Server betreiben, haben dein Konto freigeschaltet. Du kannst dich jetzt anmelden.',
    ignore: 'Hast du kein solches Konto, musst du nichts tun.',
  },
  declined: {
    subject: 'Dein Konto wurde nicht freigeschaltet',
    text: 'Die Leute, die diesen Server betreiben, haben dein Konto nicht freigeschaltet. Es ist gelöscht, mit allem, was du eingegeben hattest.',
    reason: (reason) => `Ihr Grund: ${reason}`,
    ask: 'Hast du Fragen, wende dich an die Leute, die diesen Server betreiben.',
  },
  test: {
    subject: (site) => `Ein Probebrief von ${site}`,
    text: 'Du hast auf der Seite des Servers um diesen Brief gebeten. Er ist angekommen: Dieser Server kann Mail senden.',
    nothing: 'Sonst ist nichts zu tun.',
  },
}
