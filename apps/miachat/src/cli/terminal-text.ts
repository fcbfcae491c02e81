import { harmless } from '../lib/harmless-text.ts'

/** A text in quotes, so that blanks around it are seen and nothing in it reaches the terminal. */
export const quoted = (text: string | null): string => (text === null ? 'none' : harmless(JSON.stringify(text)))

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
