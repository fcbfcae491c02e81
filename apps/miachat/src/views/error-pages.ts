import { type Html, html } from '@miachat/auth/views'
import { type AppWords, wordsIn } from '../words/words.ts'
import { type IconName, icon } from './icons.ts'

export interface ErrorPage {
  /** The language of the page (BCP 47); English where nothing is said. */
  readonly language?: string
  readonly status: number
  /** A short sentence for people; a fitting one is found for the statuses we know. */
  readonly title?: string
  readonly detail?: string
  /** What the operator searches the log for. */
  readonly requestId?: string
  /** Seconds until a new try makes sense (429, 503). */
  readonly retryAfter?: number
  /** Where "back" leads: a local path. */
  readonly back?: { readonly href: string; readonly label: string }
}

const icons: Readonly<Record<number, IconName>> = { 403: 'key', 404: 'search', 429: 'clock', 503: 'offline' }

/** What is said of a status. */
function saidOf(status: number, { errors }: AppWords): { readonly title: string; readonly detail: string } {
  const { 400: read, 403: allowed, 404: here, 405: way, 413: size, 429: often, 500: wrong, 503: away, other } = errors
  const known = new Map([
    [400, read],
    [403, allowed],
    [404, here],
    [405, way],
    [413, size],
    [429, often],
    [500, wrong],
    [503, away],
  ])
  return known.get(status) ?? other
}

/** The title of the page, for the layout. */
export function errorTitle({
  status,
  title,
  language = 'en',
}: Pick<ErrorPage, 'status' | 'title' | 'language'>): string {
  return title ?? saidOf(status, wordsIn(language)).title
}

/** What went wrong, what is kept, when to try again, and a way back. */
export function errorPage(error: ErrorPage): Html {
  const { language = 'en', status, detail, retryAfter, requestId } = error
  const words = wordsIn(language)
  const { errors: say } = words
  const back = error.back ?? { href: '/', label: say.start }
  const lead = `${detail ?? saidOf(status, words).detail}${retryAfter === undefined ? '' : say.again(waitWords(retryAfter, language))}`
  return html`<div class="error-page">
<span class="error-mark">${icon(icons[status] ?? 'warning')}</span>
<h1>${errorTitle(error)}</h1>
<p class="lead">${lead}</p>
<p><a class="btn btn-primary" href="${back.href}">${back.label}</a></p>
${requestId !== undefined && html`<p class="soft small">${say.help}<code>${requestId}</code></p>`}
</div>`
}

/** "40 seconds", "4 minutes", "2 hours": rounded up, so that waiting that long is always enough. */
export function waitWords(seconds: number, language = 'en'): string {
  const [size, unit] = seconds < 90 ? [1, 'second'] : seconds < 5400 ? [60, 'minute'] : [3600, 'hour']
  const count = Math.max(1, Math.ceil(seconds / size))
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

export interface WrongAddress {
  /** The language of the page (BCP 47); English where nothing is said. */
  readonly language?: string
  /** The server's own public address. */
  readonly baseUrl: string
  /** What the browser asked for. */
  readonly opened: string
}

/** Someone opened this server under an address that it does not know. Forms would fail there, so say it at once. */
export function wrongAddressPage({ language = 'en', baseUrl, opened }: WrongAddress): Html {
  const { address: say } = wordsIn(language).errors
  return html`<div class="error-page">
<span class="error-mark">${icon('server')}</span>
<h1>${say.title}</h1>
<p class="lead">${say.lead.before}<strong>${baseUrl}</strong>${say.lead.opened}<strong>${opened}</strong>${say.lead.after}</p>
<p><a class="btn btn-primary" href="${baseUrl}">${say.open(baseUrl)}</a></p>
<h2>${say.run}</h2>
<p>${say.set.before}<code>BASE_URL</code>${say.set.after}</p>
<pre class="command" tabindex="0" aria-label="${say.command}"><code>BASE_URL=${opened}</code></pre>
</div>`
}
