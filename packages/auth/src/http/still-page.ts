/**
 * A finished page on which nothing can be pressed: no script, no form that goes anywhere. Links lead where `to` says of their
 * address, and nowhere where it says null; those into the page itself stay. It rests on how our views write tags: every `<`,
 * `>` and `"` of a text is escaped.
 */
export function stillPage(page: string, to: (address: string) => string | null): string {
  return page
    .replace(/<script\b[^>]*>[^<]*<\/script>/g, '')
    .replace(/<a\b[^>]*>/g, (tag) => tag.replace(/ href="([^"]*)"/, (whole, address) => linkTo(whole, address, to)))
    .replace(/<form\b[^>]*>/g, (tag) => tag.replace(/ (?:action|method)="[^"]*"/g, ''))
    .replace(/<(button|input|select|textarea)\b/g, '<$1 disabled')
}

function linkTo(whole: string, address: string, to: (address: string) => string | null): string {
  if (address.startsWith('#')) return whole
  const found = to(address.replace(/[?#].*$/, ''))
  return found === null ? '' : ` href="${found.replaceAll('&', '&amp;')}"`
}
