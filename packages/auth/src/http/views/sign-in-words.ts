/** By what a device was signed in, in words. A method that has none yet is shown as it is called. */
const words = new Map([
  ['password', 'by password'],
  ['passkey', 'by passkey'],
  ['registration', 'when the account was made'],
  ['provider', 'by another service'],
  ['device_code', 'by a code that you allowed'],
  ['password_change', 'when the password was changed'],
])

/** "by password". */
export const methodWords = (method: string): string => words.get(method) ?? `by ${method.replaceAll('_', ' ')}`
