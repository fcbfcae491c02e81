import type { Client } from '../lib/log.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { Bearer } from '../sign-in/check-bearer.ts'
import type { User } from '../users/user.ts'
import type { Language, Words } from '../words/words.ts'
import type { CookieNames } from './cookies.ts'
import type { EventSource } from './event-stream.ts'
import type { Banner, Page, Theme } from './views/layout.ts'
import type { FramedPage } from './views/settings-frame.ts'

/** What a page gives; user, theme, languages, nonce and path are added by the engine. */
export type PageView = Omit<
  Page,
  'user' | 'theme' | 'languages' | 'nonce' | 'path' | 'body' | 'confirmedFor' | 'banner'
> & {
  readonly body: Page['body']
} & Pick<FramedPage, 'bodyAmong'>

/** What a page may add to its answer. */
export interface AnswerOptions {
  readonly status?: number
  /** Values of Set-Cookie. */
  readonly cookies?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** How a page is drawn that is only looked at. */
export interface PreviewOptions {
  /** Who seems to be signed in. */
  readonly user: User
  /** The address that the page really has. */
  readonly path: string
  readonly banner: Banner
  /** Where a link to an address leads, or null for nowhere. */
  readonly to: (address: string) => string | null
}

/** One request and the ways to answer it. */
export interface Exchange {
  readonly request: Request
  /** Decoded by nobody: compared and shown as it came. */
  readonly path: string
  readonly query: URLSearchParams
  readonly params: Readonly<Record<string, string>>
  readonly client: Client
  /** The address of the socket, the last proxy's where one stands before the server. It counts for nothing: `client` does. */
  readonly peer: string
  /** The answer goes to a program, not to a person. */
  readonly wantsJson: boolean
  /** The session, where the route looks for one. */
  readonly signedIn: SignedIn | null
  /** The access token's person, where the route looks for one. */
  readonly bearer: Bearer | null
  /** Whoever is known, by session or token. */
  readonly user: User | null
  readonly theme: Theme
  /** The words of this request: as the person has chosen, else by its cookie, else by what the browser asks for, among those of this server. */
  readonly words: Words
  /** What its browser has chosen or asks for, among those of this server; null where it wants none of them. */
  readonly wantedLanguage: Language | null
  cookie(name: keyof CookieNames): string | null
  json(data: unknown, options?: AnswerOptions): Response
  page(view: PageView, options?: AnswerOptions): Promise<Response>
  /** A page as somebody else would see it, on which nothing can be pressed. */
  preview(view: PageView, options: PreviewOptions): Promise<Response>
  /** 303 to a local path (RED-02); anything else goes to `/`. */
  redirect(to: string, options?: Pick<AnswerOptions, 'cookies'>): Response
  /**
   * Server-sent events for whoever is signed in. `source` sends until `signal` aborts: within a second after the session or the
   * token family has ended anywhere, and when the client goes or the server stops. An open stream does not renew a session.
   */
  events(source: EventSource): Response
}

/** The session of a route that needs one. Throws where a row was written without it: a mistake of ours, not of a client. */
export function sessionOf(exchange: Exchange): SignedIn {
  if (!exchange.signedIn) throw new Error(`${exchange.path} is handled without a session.`)
  return exchange.signedIn
}
