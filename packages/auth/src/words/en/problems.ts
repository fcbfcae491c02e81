import { plural } from '../plural.ts'

/** "4 minutes": rounded up, so that nobody tries too early. */
const wait = (seconds: number): string => {
  if (seconds < 60) return plural('en', Math.max(1, seconds), { one: 'second', other: 'seconds' })
  const minutes = Math.ceil(seconds / 60)
  if (minutes <= 60) return plural('en', minutes, { one: 'minute', other: 'minutes' })
  return plural('en', Math.ceil(seconds / 3600), { one: 'hour', other: 'hours' })
}

/** What is said at a form: by the code of its error, or of the error of one field. */
export const problems = {
  /** Of a field that has no words of its own for what is wrong. */
  other: 'This does not fit here.',
  summary: 'Please look at this again',
  mark: 'Error: ',
  tooMany: (seconds: number) => `Too many attempts. Try again in ${wait(seconds)}.`,
  passwordTooShort: (length: number) => `Use at least ${length} characters. A short sentence works best.`,
  fields: {
    required: 'Fill this in.',
    username_length: 'Use 3 to 32 characters for the user name.',
    username_characters:
      'Use letters from a to z, digits, dots, hyphens and underscores. Start with a letter or digit.',
    username_reserved: 'That user name is kept for this server. Choose another.',
    username_taken: 'That user name is taken. Choose another.',
    username_same: 'That is your user name already.',
    email_same: 'Your account has this address already.',
    email_invalid: 'Enter an e-mail address like name@example.org.',
    email_too_long: 'An e-mail address has at most 254 characters.',
    email_taken: 'That address already has an account. Sign in, or use another address.',
    email_not_invited: 'Your invitation is for another address. Use the one that you were invited by.',
    password_malformed: 'This password holds characters that cannot be stored. Type it again.',
    password_too_long: 'Use at most 1024 bytes: as many plain letters, fewer with accents or emoji.',
    password_is_name: 'This is close to your user name, your address or the name of this site. Choose another.',
    password_common: 'This password appears in lists of leaked passwords. Choose another.',
    wrong_code: 'That code is not right, or was used before.',
    wrong_current_password: 'The current password is not right.',
    // Where one code is said in different words, by the field before it.
    'code.too_short': 'Enter the code.',
    'password.too_short': 'Enter the password.',
    'current_password.too_short': 'Enter the password.',
    'new_password.too_short': 'Enter the password.',
  },
}
