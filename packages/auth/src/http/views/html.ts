import { html as template } from 'hono/html'

/**
 * `html` escapes every value that is put into it (RED-03); `raw` marks text as finished HTML and is for constants of
 * our own only, never for anything that came from a person, a file or the database.
 */
export { html, raw } from 'hono/html'

/** A finished piece of HTML: what `html` returns. A plain string is text and gets escaped. */
export type Html = ReturnType<typeof template>

type AttributeValue = string | number | boolean | null | undefined

/**
 * The attributes of one element: `true` gives the bare name, `false`, `null` and `undefined` leave it out, the rest is
 * escaped. Names are ours; an odd one is a mistake in the program and throws.
 */
export function attributes(values: Readonly<Record<string, AttributeValue>>): Html {
  return template`${Object.entries(values).map(([name, value]) => attribute(name, value))}`
}

function attribute(name: string, value: AttributeValue): Html | null {
  // A style or an event handler in an attribute would be refused by our own policy (HDR-01) and fail silently.
  if (!/^[a-z][a-z-]*$/.test(name) || name === 'style' || name.startsWith('on')) {
    throw new TypeError(`Not an attribute that we write: ${name}`)
  }
  if (value === null || value === undefined || value === false) return null
  return value === true ? template` ${name}` : template` ${name}="${value}"`
}

/** The finished text of a page, ready to be sent. */
export async function renderHtml(page: Html): Promise<string> {
  return (await page).toString()
}

/** "1 other device", "3 other devices". */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
