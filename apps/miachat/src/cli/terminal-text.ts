/** Signs that move a cursor, turn text around or cannot be seen. */
const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

const escaped = (sign: string): string =>
  [...Array(sign.length).keys()].map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/** A text in quotes, so that blanks around it are seen and nothing in it reaches the terminal. */
export const quoted = (text: string | null): string =>
  text === null ? 'none' : JSON.stringify(text).replace(unsafe, escaped)

/** A text without quotes, in one line, harmless for a terminal. */
export const harmless = (text: string): string => text.replace(unsafe, escaped)

/** Columns with a heading, aligned; the last one is not filled up. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(harmless))
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** `1 person`, `2 people`. */
export const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** Prints lines on standard output. */
export function say(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}
