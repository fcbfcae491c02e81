import type { PageView } from '../exchange.ts'
import type { ErrorView } from '../gate.ts'
import { formPage } from '../views/forms.ts'
import { html } from '../views/html.ts'

/** The library's own error page; the host app may draw its own. */
export function defaultErrorView({ error, title, requestId, baseUrl }: ErrorView): PageView {
  const lead =
    error.code === 'misdirected_request'
      ? `This server believes that it is at ${baseUrl}; set BASE_URL to the address that people open.`
      : error.detail === title
        ? 'Go back, or start again.'
        : error.detail
  return {
    title,
    room: 'form',
    body: formPage({
      title,
      lead,
      form: html`<a class="btn btn-primary btn-wide" href="${error.code === 'misdirected_request' ? baseUrl : '/'}">Go to the start page</a>`,
      after: html`<p class="form-text">If you ask for help, name this request: <code>${requestId}</code></p>`,
    }),
  }
}
