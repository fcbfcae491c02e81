/**
 * The first of the languages that the header `Accept-Language` wants (RFC 9110 section 12.5.4), by lookup (RFC 4647 section 3.4): `de-CH`
 * takes `de`. Null where none of ours is wanted. Nothing of the header goes into the answer.
 */
export function acceptedLanguage<L extends string>(header: string | null, ours: readonly L[]): L | null {
  // A header as long as a request allows would otherwise be sorted for every page.
  const wanted = (header ?? '').slice(0, 500).split(',').map(readRange)
  wanted.sort((a, b) => b.weight - a.weight)
  for (const { tag, weight } of wanted) {
    const found = weight > 0 ? ours.find((language) => tag === language || tag.startsWith(`${language}-`)) : undefined
    if (found !== undefined) return found
  }
  return null
}

function readRange(part: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = q === undefined ? 1 : Number(q.slice(2))
  return { tag, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}
