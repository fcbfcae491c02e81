import { type Exchange, isForm } from '@miachat/auth'
import { z } from 'zod'

/** A form goes on to a page, a program gets what was made. */
export function answerDone(exchange: Exchange, to: string, made: Readonly<Record<string, unknown>> = {}): Response {
  return isForm(exchange) ? exchange.redirect(to) : exchange.json({ success: true, ...made })
}

/** For the API document. */
export const doneAnswers = {
  200: z.object({ success: z.literal(true) }),
  303: 'For a form: to the page that shows it.',
}
export const madeAnswers = {
  200: z.object({ success: z.literal(true), id: z.string() }),
  303: 'For a form: to what was made.',
}
/** A page, in the words of the API document. */
export const pageAnswers = { 200: 'The page.' }
