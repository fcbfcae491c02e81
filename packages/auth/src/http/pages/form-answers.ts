import { isoTime } from '../../lib/clock.ts'
import { type AuthError, type ErrorCode, errorCodes } from '../../lib/errors.ts'
import { english, type Words } from '../../words/words.ts'
import { mediaType } from '../csrf.ts'
import type { Exchange, PageView } from '../exchange.ts'
import type { FormError } from '../views/forms.ts'

/** Whether a person's form asks: then answers are pages and redirects, else JSON. */
export const isForm = (exchange: Exchange): boolean =>
  mediaType(exchange.request.headers) !== 'application/json' && !exchange.wantsJson

/** What is done is told by the page that `redirect` leads to, or to a program by its `message`. */
export const doneAnswer = (exchange: Exchange, redirect: string, message: string): Response =>
  isForm(exchange) ? exchange.redirect(redirect) : exchange.json({ success: true, message, redirect })

/** What a list tells a program of one thing that is used now and then. */
export const usedJson = (row: { id: string; name: string; createdAt: number; lastUsedAt: number | null }) => ({
  id: row.id,
  name: row.name,
  created_at: isoTime(row.createdAt),
  last_used_at: row.lastUsedAt === null ? null : isoTime(row.lastUsedAt),
})

/** What is wrong, in the words for the form: at the fields where they are known, else for the form as a whole. */
export function formErrors(error: AuthError, words: Partial<Record<ErrorCode, string>> = {}): FormError[] {
  if (error.fields.length > 0) return error.fields.map(({ field, message }) => ({ field, message }))
  const known = words[error.code]
  if (known) return [{ field: '', message: known }]
  const { title } = errorCodes[error.code]
  const message = error.detail === title ? `${title}.` : error.detail
  return [{ field: '', message }]
}

/**
 * The same in the words of a request, by `field.code` or code: what the catalogue does not have keeps its own message. `own` are
 * those of a form that says a code in its own way, be it of a field or of the whole; `minLength` (characters) is given by a form
 * with a new password.
 */
export function wordedErrors(
  error: AuthError,
  words: Words,
  own: Readonly<Record<string, string>> = {},
  minLength?: number,
): FormError[] {
  const { fields, passwordTooShort, tooMany, other } = words.problems
  const isEnglish = words.language === english.language
  const known = { ...fields, ...(minLength && { password_too_short: passwordTooShort(minLength) }), ...own }
  const byCode = new Map<string, string>(Object.entries(known))
  if (error.fields.length > 0) {
    return error.fields.map(({ field, code, message }) => {
      const worded = byCode.get(`${field}.${code}`) ?? byCode.get(code)
      // A code of a host, or one that this form cannot meet: never an English sentence on a page of another language.
      return { field, message: worded ?? (isEnglish ? message : other) }
    })
  }
  const whole = own[error.code]
  if (whole !== undefined) return [{ field: '', message: whole }]
  const throttled = error.code === 'too_many_attempts' && error.retryAfter !== undefined
  if (throttled) return [{ field: '', message: tooMany(error.retryAfter) }]
  const ways = { invalid_credentials: words.signIn.login.wrong, wrong_code: words.signIn.secondFactor.wrong }
  const title = words.errors.titles[error.code]
  return formErrors(error, isEnglish || title === undefined ? ways : { [error.code]: `${title}.`, ...ways })
}

/** What is wrong with the name of an authenticator. */
export const nameErrors = ({ factors: { name } }: Words): Readonly<Record<string, string>> => ({
  'name.too_short': name.missing,
  'name.too_long': name.tooLong,
  'name.invalid': name.invalid,
})

/** What is wrong with the first code of an authenticator. */
export const codeErrors = ({ factors }: Words): Readonly<Record<string, string>> => ({
  wrong_code: factors.setUp.wrong,
})

/** The page once more, with the error's own status and what it tells machines (X5). */
export function showAgain(exchange: Exchange, error: AuthError, view: PageView): Promise<Response> {
  const headers: Record<string, string> =
    error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) }
  return exchange.page(view, { status: error.status, headers })
}
