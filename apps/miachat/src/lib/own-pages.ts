import type { Exchange, PageView, User } from '@miachat/auth'
import { type AppWords, wordsIn } from '../words/words.ts'

/** Who asks, by session or token. Throws where a row was written without either: a mistake of ours, not of a client. */
export function personOf(exchange: Exchange): User {
  if (!exchange.user) throw new Error(`${exchange.path} is handled without a person.`)
  return exchange.user
}

/** Whose rows a request may touch: every question to the database names this id (X2). */
export const ownerOf = (exchange: Exchange): number => personOf(exchange).id

/** The app's words in the language of a request. */
export const appWords = ({ words }: Exchange): AppWords => wordsIn(words.language)

/** The id in the address; '' is the id of nothing. */
export const idOf = (exchange: Exchange): string => exchange.params['id'] ?? ''

/** What a page says after a form led to it: one of our own sentences, never text from the address. */
export function doneNotice(exchange: Exchange, notices: Readonly<Record<string, string>>): Pick<PageView, 'notice'> {
  const key = exchange.query.get('done') ?? ''
  const text = Object.hasOwn(notices, key) ? notices[key] : undefined
  return text === undefined ? {} : { notice: { kind: 'done', text } }
}
