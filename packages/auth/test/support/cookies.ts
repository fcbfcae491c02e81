import type { Browser } from './browser.ts'

/** A browser's cookies as the header that it would send: what a thief copies. */
export const cookieHeader = (browser: Browser): string => [...browser.jar].map((pair) => pair.join('=')).join('; ')

/** The value of the session cookie; a test that needs one fails without it. */
export function sessionValue(browser: Browser): string {
  const value = browser.jar.get('mia_session') ?? browser.jar.get('__Host-mia_session')
  if (!value) throw new Error('This browser has no session.')
  return value
}

/** The attributes of one Set-Cookie of a response, in lower case. Throws where it is not set exactly once. */
export function setCookie(response: Response, name: string): { value: string; attributes: string[] } {
  const found = response.headers.getSetCookie().filter((cookie) => cookie.startsWith(`${name}=`))
  const [cookie] = found
  if (cookie === undefined || found.length > 1) throw new Error(`${name} is set ${found.length} times.`)
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim())
  return { value: pair.slice(name.length + 1), attributes: attributes.map((a) => a.toLowerCase()).sort() }
}
