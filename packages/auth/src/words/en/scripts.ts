/**
 * What the browser modules say. They hold the English words themselves, for layouts of hosts that bring none; a page in
 * another language brings its own (`data-words`). `{…}` is filled in by the module.
 */
export const scripts = {
  page: {
    capsLock: 'Caps Lock is on.',
    copied: 'Copied.',
    notCopied: 'The browser did not let this page copy them. They are selected: copy them yourself.',
    newTab: 'Sign in in a new tab',
    signedOut: 'You were signed out. What you typed is still here: ',
    thenSend: ', then send it.',
  },
  passkeys: {
    cancelled: 'It was cancelled, or took too long. Nothing has changed.',
    known: 'This device already has a passkey for your account.',
    knownKey: 'This key already belongs to your account.',
    unsupported: 'This browser or device cannot make a passkey.',
    unsupportedKey: 'This browser cannot use that security key.',
    address: 'Passkeys need https and a name such as chat.example.org. You opened {origin}.',
    addressOfKey: 'Security keys need https and a name such as chat.example.org. You opened {origin}.',
    refused: 'That passkey was not accepted.',
    offline: 'The server cannot be reached. Try again.',
  },
  advice: {
    tooShort: 'Use at least {length} characters. A short sentence works best.',
    isName: 'This is close to your user name, your address or the name of this site.',
    common: 'This password appears in lists of leaked passwords.',
    strong: 'This is strong.',
    good: 'This is good.',
    fair: 'This is fair. A short sentence with {longer} is better.',
    weak: 'This is easy to guess. A short sentence with {longer} is better.',
    moreCharacters: '{length} characters or more',
    moreWords: 'another word or two',
  },
}
