import type { account as english } from '../en/account.ts'

export const account: typeof english = {
  nameChanged: 'Du hast deinen Benutzernamen in 90 Tagen dreimal geändert. Behalte vorerst diesen.',
  title: 'Einstellungen',
  profile: 'Profil',
  signedInAs: 'Angemeldet als',
  changeUsername: 'Benutzernamen ändern',
  name: 'Dein Name',
  saveProfile: 'Profil speichern',
  recent: 'Letzte Aktivität',
  all: 'Ganzer Verlauf',
  saved: 'Dein Profil ist gespeichert.',
  usernameChanged: 'Dein Benutzername ist geändert.',
  activity: 'Verlauf',
  lead: 'Was in den letzten 90 Tagen mit deinem Konto geschehen ist. War etwas nicht von dir?',
  changePassword: 'Ändere dein Passwort.',
  nothingOlder: 'Es gibt nichts Älteres.',
  newest: 'Das Neueste',
  older: 'Älteres',
  pressAgain: 'Danke, du bist es. Noch ist nichts geschehen: Drück den Knopf noch einmal.',
}
