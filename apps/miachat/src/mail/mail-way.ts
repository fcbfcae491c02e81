/** A mail server, as MAIL_URL names it. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** `always` from the first byte, `started` by STARTTLS before anything else is said, `none` in the clear. */
  readonly tls: 'always' | 'started' | 'none'
  readonly login: { readonly user: string; readonly password: string } | null
}

/** What MAIL_URL says. */
export type MailUrl =
  | { readonly kind: 'smtp'; readonly server: SmtpServer }
  /** Null is the folder `outbox` in DATA_DIR. */
  | { readonly kind: 'outbox'; readonly path: string | null }
  | { readonly kind: 'none' }

/** How letters leave this server: by a mail server, into a folder, or not at all. */
export type MailWay =
  | { readonly kind: 'smtp'; readonly server: SmtpServer; readonly from: string }
  | { readonly kind: 'outbox'; readonly folder: string; readonly from: string }
  | { readonly kind: 'none' }

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/

/**
 * Reads MAIL_URL; null where it is none of the forms. Letters hold links that set passwords, so a connection to another
 * machine is encrypted unless `?tls=none` says otherwise; on this machine nobody reads along.
 */
export function parseMailUrl(text: string): MailUrl | null {
  if (text === 'none') return { kind: 'none' }
  const folder = /^outbox(?::(.+))?$/.exec(text)
  if (folder) return { kind: 'outbox', path: folder[1] ?? null }
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const login = loginOf(url)
  const inClear = url.search === '?tls=none'
  const rest = `${url.pathname.replace(/^\/$/, '')}${inClear ? '' : url.search}${url.hash}`
  if (rest !== '' || login === undefined || !/^[\w.:-]+$/.test(host)) return null
  if (url.protocol === 'smtps:') {
    return inClear ? null : { kind: 'smtp', server: { host, port: Number(url.port || 465), tls: 'always', login } }
  }
  const tls = inClear || LOOPBACK.test(host) ? 'none' : 'started'
  return { kind: 'smtp', server: { host, port: Number(url.port || 587), tls, login } }
}

/** Undefined where name and password are not both given, or not well percent-encoded. */
function loginOf(url: URL): SmtpServer['login'] | undefined {
  if (url.username === '' && url.password === '') return null
  if (url.username === '' || url.password === '') return undefined
  try {
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  } catch {
    return undefined
  }
}

/**
 * Where letters come from without MAIL_FROM: the mail server's user where that is an address, which most servers want,
 * else `miachat@` the host of BASE_URL; in front the name of the site.
 */
function usualSender(siteName: string, url: MailUrl, baseUrl: string): string {
  const user = url.kind === 'smtp' ? (url.server.login?.user ?? '') : ''
  const address = /^[^\s<>@,;:"()]+@[^\s<>@,;:"()]+$/.test(user) ? user : `miachat@${new URL(baseUrl).hostname}`
  const name = siteName
    .replace(/[<>@,;:"()\\]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return name === '' ? address : `${name} <${address}>`
}

/** What MAIL_URL and MAIL_FROM come to; `folder` makes the path of an outbox whole. */
export function mailWay(given: {
  readonly url: MailUrl | null
  readonly withoutUrl: 'outbox' | 'none'
  readonly from: string | null
  readonly siteName: string
  readonly baseUrl: string
  readonly folder: (path: string | null) => string
}): MailWay {
  const url = given.url ?? (given.withoutUrl === 'none' ? { kind: 'none' } : { kind: 'outbox', path: null })
  if (url.kind === 'none') return url
  const from = given.from ?? usualSender(given.siteName, url, given.baseUrl)
  return url.kind === 'smtp'
    ? { kind: 'smtp', server: url.server, from }
    : { kind: 'outbox', folder: given.folder(url.path), from }
}

/** What is allowed, but should be said at the start. */
export function mailWarnings(way: MailWay, onThisMachine: boolean): string[] {
  if (way.kind === 'outbox' && !onThisMachine) {
    return [
      `MAIL_URL is outbox: nobody gets a letter, they lie in ${way.folder}, where you read them. Set a mail server or none.`,
    ]
  }
  if (way.kind === 'smtp' && !/@[^@]*[a-z][^@]*\.[a-z][^@]*>?$/i.test(way.from)) {
    return [`Letters come from ${way.from}, which many mail servers refuse: set MAIL_FROM to an address of your own.`]
  }
  return []
}
