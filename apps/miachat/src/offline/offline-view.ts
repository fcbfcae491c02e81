import { type Html, html } from '@miachat/auth/views'
import { icon } from '../views/icons.ts'

/** Shown from the browser's own store: no name, no server. An empty address asks for the same page again. */
export function offlineView(siteName: string): Html {
  return html`<div class="error-page">
<span class="error-mark">${icon('offline')}</span>
<h1>${siteName} cannot be reached</h1>
<p class="lead">Your device is offline, or the server does not answer. What was saved is still there, and what you were writing is kept in this browser.</p>
<p><a class="btn btn-primary" href="">Try again</a></p>
</div>`
}
