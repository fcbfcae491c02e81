import { type Html, html } from '@miachat/auth/views'
import { type IconName, icon } from './icons.ts'

export interface ErrorPage {
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

interface Words {
  readonly icon: IconName
  readonly title: string
  readonly detail: string
}

const words: Readonly<Record<number, Words>> = {
  400: { icon: 'warning', title: 'This request could not be read', detail: 'Go back, and try it once more.' },
  403: {
    icon: 'key',
    title: 'This is not allowed',
    detail: 'Your account may not do this, or the request came from another site. Nothing was changed.',
  },
  404: {
    icon: 'search',
    title: 'There is nothing here',
    detail: 'The address may be mistyped, or what was here has been deleted.',
  },
  405: {
    icon: 'warning',
    title: 'This address works in another way',
    detail: 'It belongs to a form. Open the page and use the form there.',
  },
  413: { icon: 'warning', title: 'That was too much at once', detail: 'Send less, or in smaller parts.' },
  429: { icon: 'clock', title: 'Too many attempts', detail: 'Nothing is lost.' },
  500: {
    icon: 'warning',
    title: 'Something went wrong on this server',
    detail: 'It is not your fault. What was saved before is still there.',
  },
  503: {
    icon: 'offline',
    title: 'This server is not available right now',
    detail: 'It is busy, or cannot reach its data. What was saved before is still there.',
  },
}

const unknown: Words = { icon: 'warning', title: 'This did not work', detail: 'Nothing was changed.' }

/** The title of the page, for the layout. */
export function errorTitle({ status, title }: Pick<ErrorPage, 'status' | 'title'>): string {
  return title ?? (words[status] ?? unknown).title
}

/** What went wrong, what is kept, when to try again, and a way back. */
export function errorPage(error: ErrorPage): Html {
  const known = words[error.status] ?? unknown
  const back = error.back ?? { href: '/', label: 'Go to the start page' }
  return html`<div class="error-page">
<span class="error-mark">${icon(known.icon)}</span>
<h1>${errorTitle(error)}</h1>
<p class="lead">${error.detail ?? known.detail}${error.retryAfter !== undefined && ` Try again in ${waitWords(error.retryAfter)}.`}</p>
<p><a class="btn btn-primary" href="${back.href}">${back.label}</a></p>
${error.requestId !== undefined && html`<p class="soft small">If you ask for help, name this request: <code>${error.requestId}</code></p>`}
</div>`
}

/** "40 seconds", "4 minutes", "2 hours": rounded up, so that waiting that long is always enough. */
export function waitWords(seconds: number): string {
  const [size, word] = seconds < 90 ? [1, 'second'] : seconds < 5400 ? [60, 'minute'] : [3600, 'hour']
  const count = Math.max(1, Math.ceil(seconds / size))
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

export interface WrongAddress {
  /** The server's own public address. */
  readonly baseUrl: string
  /** What the browser asked for. */
  readonly opened: string
}

/** Someone opened this server under an address that it does not know. Forms would fail there, so say it at once. */
export function wrongAddressPage({ baseUrl, opened }: WrongAddress): Html {
  return html`<div class="error-page">
<span class="error-mark">${icon('server')}</span>
<h1>This server has another address</h1>
<p class="lead">This server believes that it is at <strong>${baseUrl}</strong>. You opened <strong>${opened}</strong>, where signing in would not work.</p>
<p><a class="btn btn-primary" href="${baseUrl}">Open ${baseUrl}</a></p>
<h2>If you run this server</h2>
<p>Set <code>BASE_URL</code> to the address that people open, and start it again:</p>
<pre class="command" tabindex="0" aria-label="Command"><code>BASE_URL=${opened}</code></pre>
</div>`
}
