const LONGEST = 60

/** A title from the first words that were said, in one line; null when there is nothing to read. */
export function titleFrom(text: string): string | null {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return null
  const characters = [...line]
  if (characters.length <= LONGEST) return line
  const cut = characters.slice(0, LONGEST - 1).join('')
  const space = cut.lastIndexOf(' ')
  return `${(space > LONGEST / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.–-]+$/, '')}…`
}
