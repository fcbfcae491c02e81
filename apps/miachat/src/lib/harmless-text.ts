/** Signs that move a cursor, turn text around or cannot be seen: C0, C1, line ends of Unicode, directions. */
const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

const escaped = (sign: string): string =>
  [...Array(sign.length).keys()].map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/** A text in one line that does nothing to a terminal or a log (AUD-03); as `\uXXXX`, so that JSON stays JSON. */
export const harmless = (text: string): string => text.replace(unsafe, escaped)
