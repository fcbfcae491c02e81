import type { scripts as english } from '../en/scripts.ts'

export const scripts: typeof english = {
  page: {
    capsLock: 'Die Feststelltaste ist an.',
    copied: 'Kopiert.',
    notCopied: 'Der Browser ließ diese Seite nicht kopieren. Die Codes sind markiert: Kopier sie selbst.',
    newTab: 'Melde dich in einem neuen Tab an',
    signedOut: 'Du wurdest abgemeldet. Was du geschrieben hast, ist noch da: ',
    thenSend: ', dann sende es.',
  },
  passkeys: {
    cancelled: 'Es wurde abgebrochen oder hat zu lange gedauert. Nichts hat sich geändert.',
    known: 'Dieses Gerät hat schon einen Passkey für dein Konto.',
    knownKey: 'Dieser Schlüssel gehört schon zu deinem Konto.',
    unsupported: 'Dieser Browser oder dieses Gerät kann keinen Passkey erstellen.',
    unsupportedKey: 'Dieser Browser kann diesen Sicherheitsschlüssel nicht verwenden.',
    address: 'Passkeys brauchen https und einen Namen wie chat.example.org. Geöffnet hast du {origin}.',
    addressOfKey:
      'Sicherheitsschlüssel brauchen https und einen Namen wie chat.example.org. Geöffnet hast du {origin}.',
    refused: 'Dieser Passkey wurde nicht angenommen.',
    offline: 'Der Server ist nicht zu erreichen. Versuch es noch einmal.',
  },
  advice: {
    tooShort: 'Nimm mindestens {length} Zeichen. Am besten ist ein kurzer Satz.',
    isName: 'Das ist deinem Benutzernamen, deiner Adresse oder dem Namen dieser Seite zu ähnlich.',
    common: 'Dieses Passwort steht in Listen bekannt gewordener Passwörter.',
    strong: 'Das ist stark.',
    good: 'Das ist gut.',
    fair: 'Das ist mittel. Ein kurzer Satz mit {longer} ist besser.',
    weak: 'Das ist leicht zu erraten. Ein kurzer Satz mit {longer} ist besser.',
    moreCharacters: '{length} oder mehr Zeichen',
    moreWords: 'ein, zwei Wörtern mehr',
  },
}
