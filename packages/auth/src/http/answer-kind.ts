/** Whether the answer goes to a program: its Accept prefers JSON to HTML, or the address is one for programs. */
export function wantsJson(path: string, headers: Headers): boolean {
  if (path.startsWith('/api/') || path.startsWith('/auth/api/')) return true
  const accept = headers.get('accept')
  if (accept === null) return false
  // A browser's EventSource follows no redirect to a page.
  if (accept === 'text/event-stream') return true
  return preference(accept, 'application', 'json') > preference(accept, 'text', 'html')
}

/** The weight that an Accept header gives a media type (RFC 9110 section 12.5.1): the most exact range counts. */
function preference(accept: string, type: string, subtype: string): number {
  let weight = 0
  let exactness = -1
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase())
    const exact = range === `${type}/${subtype}` ? 2 : range === `${type}/*` ? 1 : range === '*/*' ? 0 : -1
    if (exact <= exactness) continue
    exactness = exact
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    weight = q === undefined ? 1 : Number(q.slice(2)) || 0
  }
  // A browser's */* is no wish for JSON: only a range that names it counts.
  return exactness > 0 || type === 'text' ? weight : 0
}
