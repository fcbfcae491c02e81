import type { passkeys as english } from '../en/passkeys.ts'

export const passkeys: typeof english = {
  refused: { conflict: 'Ein Sicherheitsschlüssel braucht erst einen Authenticator.' },
  title: 'Passkeys',
  lead: 'Ein Passkey meldet dich mit Fingerabdruck, Gesicht oder Bildschirmsperre an: nichts zu merken, und nichts, was eine falsche Website dir entlocken könnte.',
  add: 'Passkey hinzufügen',
  addAnother: 'Weiteren Passkey hinzufügen',
  without: 'Dafür braucht es Skripte und einen Browser, der Passkeys kennt.',
  hindrance: (origin) =>
    `Passkeys brauchen https und einen Namen wie chat.example.org. Die Adresse dieses Servers ist ${origin}.`,
  madeFor: { before: 'Gilt nur unter ', after: '. ' },
  synced: 'Auf allen deinen Geräten.',
  bound: 'Nur auf einem Gerät.',
  added: 'Hinzugefügt am',
  lastUsed: ', zuletzt verwendet am',
  notUsed: ', noch nicht verwendet',
  madeHere: ', auf diesem Gerät erstellt',
  usedHere: ' auf diesem Gerät',
  one: 'Dein Passkey',
  rename: 'Umbenennen',
  name: 'Name',
  nameHint: 'Woran du ihn erkennst.',
  saveName: 'Namen speichern',
  remove: 'Entfernen',
  removeIntro:
    'Er meldet dich dann nicht mehr an, und alle anderen Geräte werden abgemeldet. Dein Browser oder Passwortmanager zeigt ihn vielleicht weiter in seiner Liste.',
  removeSubmit: 'Passkey entfernen',
  all: 'Alle Passkeys',
  lastWayIn: 'Das ist dein einziger Weg hinein. Füg erst einen anderen hinzu.',
  notices: {
    added: 'Dein Passkey ist hinzugefügt. Ab jetzt meldet er dich an.',
    renamed: 'Der Passkey hat seinen neuen Namen.',
    removed: 'Der Passkey ist entfernt. Alle anderen Geräte sind abgemeldet.',
    recovered:
      'Du hast dich mit einem Wiederherstellungscode angemeldet. Ist dein Passkey verloren, füge jetzt einen neuen hinzu und entferne den verlorenen.',
  },
}
