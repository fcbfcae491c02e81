import type { ErrorView, PageView } from '@miachat/auth'
import { wordsIn } from '../words/words.ts'
import { type ErrorPage, errorPage, errorTitle, wrongAddressPage } from './error-pages.ts'

/** Draws every error that the engine answers to a person. */
export function errorView({ words, error, title, requestId, baseUrl, opened }: ErrorView): PageView {
  const { language } = words
  if (error.code === 'misdirected_request' && opened !== null) {
    const body = wrongAddressPage({ language, baseUrl, opened })
    return { title: wordsIn(language).errors.address.title, words, room: 'form', body }
  }
  // The engine's own sentence only where it says more than the title and the wait: our words know the status. It is English.
  const saysMore = language === 'en' && error.detail !== title && error.retryAfter === undefined
  const page: ErrorPage = {
    language,
    status: error.status,
    requestId,
    ...(error.code === 'limit_reached' && wordsIn(language).errors.full),
    ...(saysMore && { detail: error.detail }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  }
  return { title: errorTitle(page), words, room: 'form', body: errorPage(page) }
}
