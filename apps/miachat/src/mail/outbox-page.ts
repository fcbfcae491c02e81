import { createHash, timingSafeEqual } from 'node:crypto'
import { AuthError, type Exchange, type Route, readCookie, route, routeOfForm, writeCookie } from '@miachat/auth'
import { z } from 'zod'
import { appWords } from '../lib/own-pages.ts'
import { english } from '../words/words.ts'
import { codeOf, htmlOf, lettersIn } from './outbox-folder.ts'
import { outboxCodeView, outboxView } from './outbox-view.ts'

export interface OutboxPageDeps {
  readonly folder: string
  readonly baseUrl: string
  /** What a text is sent with. */
  readonly textHeaders: Readonly<Record<string, string>>
  readonly clock: () => number
}

const PATH = '/outbox'
const COOKIE = 'mia_outbox'
const SHOWN = 20
const codeBody = z.object({ code: z.string().trim().max(200) })

/**
 * The letters that lie in the folder, for who runs a server that only its own machine can reach. They hold links that open
 * accounts, so the page asks for a code that only whoever can read the folder knows: other people of the machine and
 * tunnels reach the port as well.
 */
export function outboxPage({ folder, baseUrl, textHeaders, clock }: OutboxPageDeps): Route[] {
  const secure = baseUrl.startsWith('https:')
  const mayLook = async (exchange: Exchange): Promise<boolean> =>
    isSame(readCookie(exchange.request.headers.get('cookie'), COOKIE) ?? '', (await codeOf(folder)).code)
  const askCode = async (exchange: Exchange, error?: string) => {
    const { words } = exchange
    const { file } = await codeOf(folder)
    const hasErrors = error !== undefined
    const body = outboxCodeView({ words, file, ...(hasErrors && { error }) })
    return exchange.page(
      { title: appWords(exchange).config.outbox.title, words, room: 'form', hasErrors, body },
      hasErrors ? { status: 422 } : {},
    )
  }
  return [
    route({
      method: 'GET',
      path: PATH,
      access: 'guest',
      summary: 'The letters that this server put into a folder instead of sending them, for who can read that folder.',
      async handle(exchange) {
        if (!(await mayLook(exchange))) return askCode(exchange)
        const letters = await lettersIn(folder, SHOWN)
        const { words } = exchange
        return exchange.page({
          title: appWords(exchange).config.outbox.title,
          words,
          body: outboxView({ words, letters, folder, baseUrl, now: clock() }),
        })
      },
    }),
    routeOfForm({
      method: 'POST',
      path: PATH,
      access: 'open',
      summary: 'Opens the page of the letters in this browser, by the code in their folder.',
      body: codeBody,
      answers: { 303: 'To the letters.' },
      async handle(exchange, { code }) {
        if (!isSame(code, (await codeOf(folder)).code)) {
          const fields = [{ field: 'code', code: 'wrong_code', message: english.config.outbox.wrong }]
          throw new AuthError('invalid_fields', { fields })
        }
        return exchange.redirect(PATH, {
          cookies: [writeCookie({ secure, prefix: 'mia' }, COOKIE, code, undefined, PATH)],
        })
      },
      onError: (exchange) => askCode(exchange, appWords(exchange).config.outbox.wrong),
    }),
    route({
      method: 'GET',
      path: `${PATH}/:name`,
      access: 'open',
      summary: 'A letter as a mail program shows it.',
      answers: { 200: 'HTML.' },
      async handle(exchange) {
        const html = (await mayLook(exchange)) ? await htmlOf(folder, exchange.params['name'] ?? '') : null
        if (html === null) throw new AuthError('not_found')
        const headers = {
          ...textHeaders,
          'content-type': 'text/html; charset=utf-8',
          // It may look like a letter, and do nothing but lead to its links.
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        }
        return new Response(html, { headers })
      },
    }),
  ]
}

function isSame(given: string, code: string): boolean {
  const [a, b] = [given, code].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
