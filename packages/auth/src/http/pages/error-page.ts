import { english } from '../../words/words.ts'
import type { PageView } from '../exchange.ts'
import type { ErrorView } from '../gate.ts'
import { formPage } from '../views/forms.ts'
import { html } from '../views/html.ts'

/** The library's own error page; the host app may draw its own. Sentences from the depth are English, and shown on English pages. */
export function defaultErrorView({ words, error, title: own, requestId, baseUrl }: ErrorView): PageView {
  const { errors: say } = words
  const isElsewhere = error.code === 'misdirected_request'
  const title = words === english ? own : (say.titles[error.code] ?? own)
  const detail = words === english && error.detail !== own ? error.detail : say.goBack
  return {
    title,
    words,
    room: 'form',
    body: formPage({
      words,
      title,
      lead: isElsewhere ? say.otherAddress(baseUrl) : detail,
      form: html`<a class="btn btn-primary btn-wide" href="${isElsewhere ? baseUrl : '/'}">${say.start}</a>`,
      after: html`<p class="form-text">${say.help}<code>${requestId}</code></p>`,
    }),
  }
}
