import type { data as english } from '../en/data.ts'
import { plural } from '../plural.ts'

const days = (count: number): string => plural('de', count, { one: 'Tag', other: 'Tage' })

export const data: typeof english = {
  username: {
    title: 'Benutzernamen ändern',
    lead: { before: 'Jetzt ist es ', after: '. Damit meldest du dich an, oder mit deiner E-Mail-Adresse.' },
    label: 'Neuer Benutzername',
    hint: '3 bis 32 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche.',
    rules:
      'Der alte Name bleibt 90 Tage lang deiner: Niemand anders bekommt ihn, und du kannst zu ihm zurück. In dieser Zeit kannst du den Namen dreimal ändern. Geräte bleiben angemeldet; ein Passwortmanager oder Passkey zeigt vielleicht weiter den alten Namen.',
    submit: 'Benutzernamen ändern',
    busy: 'Wird geändert …',
    leave: 'Abbrechen',
  },
  title: 'Deine Daten',
  take: 'Nimm deine Daten mit',
  takeIntro:
    'Ein ZIP-Archiv von allem, was dieser Server über dich aufbewahrt. Es enthält kein Passwort, keinen Schlüssel und kein Token.',
  remove: 'Dein Konto löschen',
  removeIntro: 'Das meldet dich überall ab und löscht, was dir gehört.',
  atOnce: 'Das geschieht sofort.',
  comeBack: (count) => `Du kannst noch ${days(count)} lang zurückkommen.`,
  archive: {
    make: 'Archiv erstellen',
    interrupted: 'Es wurde unterbrochen, bevor es fertig war.',
    makeAgain: 'Noch einmal erstellen',
    making: (done, total) =>
      `Es wird erstellt: ${done} von ${plural('de', total, { one: 'Teil', other: 'Teilen' })}. Du kannst diese Seite verlassen.`,
    progress: 'Fertige Teile des Archivs',
    look: 'Noch einmal nachsehen',
    ready: (kilobytes) => `Es ist fertig: ${kilobytes} kB. Du kannst es einen Tag lang abholen, bis `,
    download: 'Archiv herunterladen',
    makeNew: 'Neues erstellen',
  },
  deletion: {
    finally: 'Das geschieht sofort und lässt sich nicht rückgängig machen.',
    lead: {
      before: 'Du wirst sofort überall abgemeldet. Bis zum ',
      after: ' kannst du zurückkommen: Melde dich an und behalt es.',
    },
    goes: 'Was geht',
    name: 'Dein Name, deine Adresse, dein Passwort und alles andere, was dich anmeldet',
    devices: 'Alle angemeldeten Geräte und Programme',
    stays: 'Was bleibt',
    log: 'Zeilen im Protokoll dieses Servers über das Anmelden, mit Netzadressen und einer Nummer statt deines Namens, höchstens 90 Tage lang',
    backups: 'Sicherungen, die die Betreiber dieses Servers gemacht haben',
    free: 'Danach ist dein Benutzername frei. Wer ihn nimmt, bekommt nichts von dir.',
    label: 'Dein Benutzername',
    hint: { before: 'Tipp ', after: ' ein, damit das nicht aus Versehen geschieht.' },
    notYours: 'Das ist nicht dein Benutzername.',
    submit: 'Mein Konto löschen',
    busy: 'Wird gelöscht …',
    keep: 'Behalten',
  },
  left: {
    page: 'Mach es gut',
    deleted: 'Dein Konto ist gelöscht',
    deletedLead: 'Niemand ist damit mehr angemeldet.',
    closed: 'Dein Konto ist geschlossen',
    closedLead: (count) =>
      `Alle Geräte sind abgemeldet. Noch ${days(count)}, dann wird alles davon gelöscht. Willst du es behalten, melde dich vorher an.`,
    signIn: 'Zur Anmeldung',
  },
  restore: {
    title: 'Dein Konto behalten?',
    lead: { before: 'Du wolltest es löschen. Am ', after: ' ist alles davon weg.' },
    submit: 'Mein Konto behalten',
    busy: 'Wird wieder geöffnet …',
    leave: 'Geschlossen lassen',
  },
}
