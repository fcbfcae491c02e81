import { type Html, html } from '@miachat/auth/views'
import { icon } from '../views/icons.ts'
import type { AppWords } from '../words/words.ts'

/** Shown from the browser's own store: no name, no server. An empty address asks for the same page again. */
export function offlineView(siteName: string, { config: { offline: say } }: AppWords): Html {
  return html`<div class="error-page">
<span class="error-mark">${icon('offline')}</span>
<h1>${say.heading(siteName)}</h1>
<p class="lead">${say.text}</p>
<p><a class="btn btn-primary" href="">${say.again}</a></p>
</div>`
}
