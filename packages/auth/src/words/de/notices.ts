import type { notices as english, administered as englishAdministered } from '../en/notices.ts'

export const notices: typeof english = {
  password_changed: {
    subject: 'Dein Passwort wurde geändert',
    sentences: ['Das Passwort deines Kontos wurde geändert. Alle anderen Geräte wurden abgemeldet.'],
  },
  password_reset: {
    subject: 'Dein Passwort wurde mit einem Einmal-Link gesetzt',
    sentences: [
      'Für dein Konto wurde mit einem Einmal-Link ein neues Passwort gesetzt. Alle Geräte wurden abgemeldet.',
    ],
  },
  new_device: {
    subject: 'Eine Anmeldung in einem neuen Browser',
    sentences: [
      'Jemand hat sich bei deinem Konto in einem Browser angemeldet, der hier neu ist oder nicht mehr verwendet wurde, seit dein Passwort gesetzt wurde.',
    ],
  },
  failures: {
    subject: 'Viele falsche Passwörter für dein Konto',
    sentences: [
      'Jemand hat bei deinem Konto zehn falsche Passwörter ausprobiert, seit du dich zuletzt angemeldet hast. Keines davon hat es geöffnet.',
      'Das wird einmal mitgeteilt, bis du dich wieder anmeldest.',
    ],
  },
  username_changed: {
    subject: 'Dein Benutzername wurde geändert',
    sentences: [
      'Jemand, der bei deinem Konto angemeldet ist, hat den Benutzernamen geändert. Der alte bleibt 90 Tage lang für dich reserviert, damit du zu ihm zurückkehren kannst.',
      'Auch der Knopf „Das war ich nicht“ gibt ihn zurück.',
    ],
  },
  address_changed: {
    subject: 'Deine E-Mail-Adresse wurde geändert',
    sentences: [
      'Dein Konto hat jetzt eine andere E-Mail-Adresse, und sie wurde bestätigt. Hierher kommen keine Briefe mehr.',
    ],
  },
  authenticator_added: {
    subject: 'Ein Authenticator wurde hinzugefügt',
    sentences: [
      'Deinem Konto wurde eine Authenticator-App hinzugefügt. Bei der nächsten Anmeldung wird nach ihren Codes gefragt.',
    ],
  },
  authenticator_removed: {
    subject: 'Ein Authenticator wurde entfernt',
    sentences: [
      'Aus deinem Konto wurde eine Authenticator-App entfernt. Alle anderen Geräte wurden abgemeldet.',
      'Mit der letzten verschwinden auch Wiederherstellungscodes und Sicherheitsschlüssel.',
    ],
  },
  second_factor_removed: {
    subject: 'Dein zweiter Schritt wurde entfernt',
    sentences: [
      'Ein Administrator dieses Servers hat alle Authenticatoren, Wiederherstellungscodes und Sicherheitsschlüssel deines Kontos entfernt. Alle Geräte wurden abgemeldet.',
    ],
  },
  second_factor_demanded: {
    subject: 'Bitte richte einen zweiten Schritt ein',
    sentences: [
      'Ein Administrator dieses Servers bittet dich, bei der Anmeldung einen zweiten Schritt einzurichten. Der Grund steht in deinen Einstellungen unter „Anmeldung in zwei Schritten“.',
      'Nach einigen Tagen ist ohne ihn nichts anderes offen.',
    ],
  },
  reset_link_made: {
    subject: 'Ein Link für ein neues Passwort wurde erstellt',
    sentences: [
      'Ein Administrator dieses Servers hat einen Einmal-Link erstellt, mit dem sich ein neues Passwort für dein Konto setzen lässt. Hast nicht du darum gebeten? Dann sag es dem Administrator.',
    ],
  },
  authenticator_taken: {
    subject: 'Ein Authenticator wurde entfernt',
    sentences: [
      'Ein Administrator dieses Servers hat einen der Authenticatoren deines Kontos entfernt. Alle Geräte wurden abgemeldet.',
    ],
  },
  passkey_taken: {
    subject: 'Ein Passkey wurde entfernt',
    sentences: [
      'Ein Administrator dieses Servers hat einen der Passkeys deines Kontos entfernt. Alle Geräte wurden abgemeldet.',
    ],
  },
  security_key_taken: {
    subject: 'Ein Sicherheitsschlüssel wurde entfernt',
    sentences: [
      'Ein Administrator dieses Servers hat einen der Sicherheitsschlüssel deines Kontos entfernt. Alle Geräte wurden abgemeldet.',
    ],
  },
  recovery_codes_made: {
    subject: 'Neue Wiederherstellungscodes wurden erstellt',
    sentences: ['Für dein Konto wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.'],
  },
  recovery_code_used: {
    subject: 'Ein Wiederherstellungscode wurde verwendet',
    sentences: ['Einer der Wiederherstellungscodes deines Kontos wurde verwendet. Dieser Code ist verbraucht.'],
  },
  personal_token_made: {
    subject: 'Ein Token für Programme wurde erstellt',
    sentences: [
      'Für dein Konto wurde ein Token erstellt. Ein Programm, das es hat, kann ohne dein Passwort tun, was du ihm erlaubt hast.',
    ],
  },
  personal_token_revoked: {
    subject: 'Ein Token für Programme wurde widerrufen',
    sentences: ['Ein Token deines Kontos wurde widerrufen. Das Programm, das es hat, kann damit nichts mehr tun.'],
  },
  passkey_added: {
    subject: 'Ein Passkey wurde hinzugefügt',
    sentences: ['Deinem Konto wurde ein Passkey hinzugefügt. Mit ihm meldest du dich ohne Passwort an.'],
  },
  passkey_removed: {
    subject: 'Ein Passkey wurde entfernt',
    sentences: ['Aus deinem Konto wurde ein Passkey entfernt. Alle anderen Geräte wurden abgemeldet.'],
  },
  passkey_copied: {
    subject: 'Ein Passkey wurde abgewiesen',
    sentences: [
      'Ein Passkey deines Kontos wurde abgewiesen, weil sein Zähler zurückging: Jemand hat ihn vielleicht kopiert.',
      'Weißt du nicht, warum, dann entfern ihn in den Einstellungen und erstell einen neuen.',
    ],
  },
  security_key_added: {
    subject: 'Ein Sicherheitsschlüssel wurde hinzugefügt',
    sentences: [
      'Deinem Konto wurde ein Sicherheitsschlüssel hinzugefügt. Er genügt für den zweiten Schritt, nach dem Passwort.',
    ],
  },
  security_key_removed: {
    subject: 'Ein Sicherheitsschlüssel wurde entfernt',
    sentences: ['Aus deinem Konto wurde ein Sicherheitsschlüssel entfernt. Alle anderen Geräte wurden abgemeldet.'],
  },
  security_key_copied: {
    subject: 'Ein Sicherheitsschlüssel wurde abgewiesen',
    sentences: [
      'Ein Sicherheitsschlüssel deines Kontos wurde abgewiesen, weil sein Zähler zurückging: Jemand hat ihn vielleicht kopiert.',
      'Weißt du nicht, warum, dann entfern ihn in den Einstellungen und füg einen anderen hinzu.',
    ],
  },
  export_made: {
    subject: 'Ein Archiv deiner Daten wurde erstellt',
    sentences: [
      'Jemand, der bei deinem Konto angemeldet ist, hat ein Archiv von allem erstellen lassen, was über dich aufbewahrt wird.',
    ],
  },
  log_exported: {
    subject: 'Das Protokoll aller Konten wurde exportiert',
    sentences: ['Jemand, der bei deinem Konto angemeldet ist, hat das Protokoll aller Konten als Datei abgeholt.'],
  },
  account_leaving: {
    subject: 'Dein Konto ist geschlossen',
    sentences: [
      'Jemand, der bei deinem Konto angemeldet ist, möchte es löschen lassen. Alle Geräte wurden abgemeldet.',
      'Willst du es behalten, melde dich an, bevor es gelöscht wird.',
    ],
  },
  account_restored: {
    subject: 'Dein Konto ist wieder offen',
    sentences: ['Dein Konto sollte gelöscht werden. Jemand hat sich angemeldet und es behalten.'],
  },
  provider_linked: {
    subject: 'Mit einem Konto anderswo kannst du dich jetzt anmelden',
    sentences: [
      'Mit deinem Konto wurde das eines anderen Dienstes verknüpft. Wer sich dort anmeldet, kann dein Konto hier öffnen.',
    ],
  },
  provider_unlinked: {
    subject: 'Die Verknüpfung mit einem Konto anderswo wurde gelöst',
    sentences: [
      'Die Verknüpfung deines Kontos mit dem eines anderen Dienstes wurde gelöst. Alle anderen Geräte wurden abgemeldet.',
    ],
  },
}

export const administered: typeof englishAdministered = {
  account_disabled: {
    subject: 'Dein Konto wurde gesperrt',
    sentences: [
      'Ein Administrator dieses Servers hat dein Konto gesperrt. Alle Geräte wurden abgemeldet, und niemand kann sich damit anmelden.',
    ],
  },
  account_enabled: {
    subject: 'Dein Konto ist wieder entsperrt',
    sentences: ['Ein Administrator dieses Servers hat dein Konto entsperrt. Du kannst dich wieder anmelden.'],
  },
  second_factor_demand_withdrawn: {
    subject: 'Von dir wird kein zweiter Schritt mehr verlangt',
    sentences: [
      'Ein Administrator dieses Servers verlangt nicht mehr, dass du bei der Anmeldung einen zweiten Schritt einrichtest.',
    ],
  },
  address_confirmed: {
    subject: 'Deine E-Mail-Adresse ist bestätigt',
    sentences: ['Ein Administrator dieses Servers hat die E-Mail-Adresse deines Kontos als bestätigt eingetragen.'],
  },
  session_ended: {
    subject: 'Du wurdest abgemeldet',
    sentences: [
      'Ein Administrator dieses Servers hat eines deiner Geräte abgemeldet, oder alle. Du kannst dich wieder anmelden.',
    ],
  },
  failures_forgotten: {
    subject: 'Fehlgeschlagene Anmeldungen bei deinem Konto wurden vergessen',
    sentences: [
      'Ein Administrator dieses Servers lässt es dich nach zu vielen falschen Passwörtern oder Codes wieder versuchen. Hast nicht du darum gebeten, sag es ihm.',
    ],
  },
  admin_role_given: {
    subject: 'Du bist Administrator',
    sentences: ['Ein Administrator dieses Servers hat auch dich zum Administrator gemacht. Melde dich neu an.'],
  },
  admin_role_taken: {
    subject: 'Du bist kein Administrator mehr',
    sentences: ['Ein Administrator dieses Servers hat deinem Konto die Rolle eines Administrators genommen.'],
  },
}
