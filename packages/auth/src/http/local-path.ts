const BASE = 'http://local.invalid'

/**
 * The path to go on to after a sign-in, or null for anything but a local one (RED-01). Read by the WHATWG parser that
 * browsers use and checked again after parsing: `//host`, `/\host`, `/%2Fhost`, tabs and schemes all lead elsewhere.
 */
export function localPath(next: string | null | undefined): string | null {
  if (!next || next.length > 2000 || !next.startsWith('/')) return null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop tabs and line ends from addresses.
  if (/[\\\u0000-\u001f\u007f]/.test(next) || /^\/+(\/|%2f|%5c)/i.test(next)) return null
  if (!URL.canParse(next, BASE)) return null
  const url = new URL(next, BASE)
  const path = `${url.pathname}${url.search}${url.hash}`
  return url.origin === BASE && /^\/(?![/\\])/.test(path) && !/^\/(%2f|%5c)/i.test(path) ? path : null
}
