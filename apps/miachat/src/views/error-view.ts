import type { ErrorView, PageView } from '@miachat/auth'
import { type ErrorPage, errorPage, errorTitle, wrongAddressPage } from './error-pages.ts'

/** Draws every error that the engine answers to a person. */
export function errorView({ error, title, requestId, baseUrl, opened }: ErrorView): PageView {
  if (error.code === 'misdirected_request' && opened !== null) {
    return { title, room: 'form', body: wrongAddressPage({ baseUrl, opened }) }
  }
  const page: ErrorPage = {
    status: error.status,
    requestId,
    // The engine's own sentence only where it says more than the title and the wait: our words know the status.
    ...(error.detail !== title && error.retryAfter === undefined && { detail: error.detail }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  }
  return { title: errorTitle(page), room: 'form', body: errorPage(page) }
}
