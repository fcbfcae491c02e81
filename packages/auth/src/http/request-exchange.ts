import { type Clock, days } from '../lib/clock.ts'
import type { Client, Log } from '../lib/log.ts'
import { pageNonce } from '../lib/secrets.ts'
import type { DoorSignal } from '../sessions/open-doors.ts'
import type { SignedIn } from '../sessions/sessions.ts'
import type { Bearer } from '../sign-in/check-bearer.ts'
import type { FactorMissing } from '../sign-in/demanded-factor.ts'
import type { CameInBy } from '../sign-in/hold-open.ts'
import { hasToConfirm, type User } from '../users/user.ts'
import { acceptedLanguage } from '../words/language.ts'
import { english, type Language, type OfferedLanguages, type Words, words } from '../words/words.ts'
import { wantsJson } from './answer-kind.ts'
import { type AddressOf, plainAddress } from './client-address.ts'
import { type CookieNames, readCookie } from './cookies.ts'
import { type EventSource, eventStream } from './event-stream.ts'
import type { AnswerOptions, Exchange, PageView, PreviewOptions } from './exchange.ts'
import type { HeaderSets } from './headers.ts'
import { localPath } from './local-path.ts'
import { causeOf } from './problem.ts'
import type { Route } from './route.ts'
import { stillPage } from './still-page.ts'
import { renderHtml } from './views/html.ts'
import { type Banner, type Layout, type Notice, type Page, type Theme, themes } from './views/layout.ts'
import type { SettingsSection } from './views/settings-frame.ts'

type BannerWords = Words['shell']['banners']

/** On every page until it is done (V2). */
const confirmBanner = (say: BannerWords): Banner => ({
  text: say.confirm,
  href: '/settings/address',
  label: say.confirmIt,
})

/** After an account was made or taken back, where nothing else is being done (P4). */
const passkeyBanner = ({ banners, notNow }: Words['shell']): Banner => ({
  text: banners.passkey,
  href: '/settings/passkeys',
  label: banners.makePasskey,
  buttons: [{ action: '/settings/passkeys/not-now', label: notNow }],
})
const INVITATION_PLACES: readonly string[] = ['/', '/settings']

/** On the other devices after a sign-in from a new one, until their owner has answered (S4). */
const newcomerBanner = (newcomer: string, next: string, say: BannerWords): Banner => ({
  name: say.newcomerName,
  text: say.newcomer,
  href: '/settings/devices',
  label: say.seeDevices,
  buttons: [
    { action: `/settings/new-devices/${newcomer}/mine`, label: say.mine, hidden: { next } },
    { action: `/settings/new-devices/${newcomer}/not-mine`, label: say.notMine },
  ],
})

/** Where a second factor is set up. */
const FACTOR_PLACES = /^\/settings\/(second-factor|authenticators|confirm)(\/|$)/

/** On every page until it is done, with the days that are left (M8). */
function factorBanner({ until }: FactorMissing, now: number, say: BannerWords): Banner {
  const way = { href: '/settings/second-factor', label: say.setItUp }
  if (until === null) return { text: say.factorOfAdmin, ...way }
  const left = Math.ceil((until - now) / days(1))
  return { text: left > 0 ? say.factorSoon(left) : say.factorNow, ...way }
}

/** What exchanges are made with. */
export interface ExchangeDeps {
  readonly addressOf: AddressOf
  readonly cookies: CookieNames
  readonly headers: HeaderSets
  readonly layout: Layout
  readonly languages: OfferedLanguages
  readonly nextRequestId: () => string
  /** Aborts when what somebody came in by has ended. */
  readonly holdOpen: (by: CameInBy) => DoorSignal
  readonly log: Log
  readonly clock: Clock
  /** Pages of the settings that are the host's own. */
  readonly settingsSections: readonly SettingsSection[]
  /** This server has mail, so that addresses can be confirmed. */
  readonly asksToConfirm: boolean
  /** Passkeys work under the public address. */
  readonly hasPasskeys: boolean
  /** For how many milliseconds it still counts that somebody signed in has shown who it is. */
  readonly confirmedFor: (signedIn: SignedIn) => number
}

/** In the address of a page to which somebody comes back from the step-up after a form that was refused for want of it. */
export const PRESS_AGAIN = 'confirmed'
/** Where the chip of the step-up stands. */
const CHIP_PLACES = /^\/(settings|admin)(\/|$)/

const pressAgain = ({ account }: Words): Notice => ({ kind: 'info', text: account.pressAgain })

/** One request on its way through the engine. What most requests do not need is found out when it is asked for. */
export class RequestExchange implements Exchange {
  readonly request: Request
  readonly path: string
  /** The query with its question mark, or nothing. */
  readonly search: string
  params: Readonly<Record<string, string>> = {}
  signedIn: SignedIn | null = null
  bearer: Bearer | null = null
  route: Route | null = null
  /** A second factor that this person has yet to set up. */
  factorMissing: FactorMissing | null = null
  hasReadBody = false
  /** Headers that an error of this route carries. */
  errorHeaders: Readonly<Record<string, string>> = {}
  readonly #deps: ExchangeDeps
  readonly #peer: string
  #client: Client | null = null
  #query: URLSearchParams | null = null

  constructor(deps: ExchangeDeps, request: Request, peer: string) {
    this.#deps = deps
    this.#peer = peer
    this.request = request
    const { url } = request
    const start = url.indexOf('/', url.indexOf('//') + 2)
    const question = url.indexOf('?', start)
    this.path = start < 0 ? '/' : url.slice(start, question < 0 ? undefined : question)
    this.search = question < 0 ? '' : url.slice(question)
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.search)
    return this.#query
  }

  get client(): Client {
    const { headers } = this.request
    this.#client ??= {
      address: this.#deps.addressOf(this.#peer, headers.get('x-forwarded-for')),
      userAgent: headers.get('user-agent') ?? '',
      requestId: this.#deps.nextRequestId(),
    }
    return this.#client
  }

  get peer(): string {
    return plainAddress(this.#peer)
  }

  get wantsJson(): boolean {
    return wantsJson(this.path, this.request.headers)
  }

  get user(): User | null {
    return this.signedIn?.user ?? this.bearer?.user ?? null
  }

  get confirmedFor(): number {
    return this.signedIn ? this.#deps.confirmedFor(this.signedIn) : 0
  }

  get theme(): Theme {
    const value = this.cookie('theme')
    return themes.find((theme) => theme === value) ?? 'system'
  }

  get words(): Words {
    const { offered, fallback } = this.#deps.languages
    return words[offered.find((known) => known === this.user?.language) ?? this.wantedLanguage ?? fallback]
  }

  get wantedLanguage(): Language | null {
    const chosen = this.cookie('language')
    const { offered } = this.#deps.languages
    return (
      offered.find((known) => known === chosen) ??
      acceptedLanguage(this.request.headers.get('accept-language'), offered)
    )
  }

  cookie(name: keyof CookieNames): string | null {
    return readCookie(this.request.headers.get('cookie'), this.#deps.cookies[name])
  }

  json(data: unknown, options: AnswerOptions = {}): Response {
    return this.#respond(JSON.stringify(data), this.#deps.headers.json, options)
  }

  async page({ bodyAmong, ...view }: PageView, options: AnswerOptions = {}): Promise<Response> {
    const nonce = pageNonce()
    const { user, theme, confirmedFor } = this
    const path = `${this.path}${this.search}`
    const chip = confirmedFor > 0 && CHIP_PLACES.test(this.path) ? { confirmedFor } : {}
    const again =
      confirmedFor > 0 && !view.hasErrors && this.query.has(PRESS_AGAIN)
        ? { notice: pressAgain(view.words ?? english) }
        : {}
    const found = this.#banner(view.words ?? english)
    const banner = found ? { banner: found } : {}
    const body = this.#among(bodyAmong)
    const shared = this.signedIn?.session.shared ? { shared: true } : {}
    const languages = this.#deps.languages.offered
    const around = { ...banner, ...shared, user, theme, languages, nonce, path }
    const page = this.#deps.layout({ ...again, ...view, ...body, ...chip, ...around })
    return this.#respond(await renderHtml(page), this.#deps.headers.html(nonce), options)
  }

  async preview({ bodyAmong, ...view }: PageView, { user, path, banner, to }: PreviewOptions): Promise<Response> {
    // A whole window has no room for the line that says what this is.
    const room = view.room === 'full' ? 'wide' : view.room
    const body = this.#among(bodyAmong)
    const page = this.#deps.layout({
      ...view,
      ...body,
      ...(room && { room }),
      banner,
      user,
      theme: this.theme,
      nonce: '',
      path,
    })
    // A nonce that stands nowhere on the page: no script of it would run.
    return this.#respond(stillPage(await renderHtml(page), to), this.#deps.headers.html(pageNonce()), {})
  }

  redirect(to: string, options: Pick<AnswerOptions, 'cookies'> = {}): Response {
    const headers = { ...this.#deps.headers.redirect, location: localPath(to) ?? '/' }
    return this.#respond(null, headers, { ...options, status: 303 })
  }

  events(source: EventSource): Response {
    const headers = { ...this.#deps.headers.events }
    if (this.request.method === 'HEAD') return new Response(null, { headers })
    const door = this.#deps.holdOpen(this.#cameInBy())
    const { log } = this.#deps
    const failed = (error: unknown) =>
      log('error', 'event_stream_failed', { route: this.route?.path, cause: causeOf(error) })
    return new Response(eventStream(source, { door, request: this.request, failed }), { headers })
  }

  /** The body beside the list of pages, where the host has some of its own in it. */
  #among(bodyAmong: PageView['bodyAmong']): Partial<Pick<Page, 'body'>> {
    const own = this.#deps.settingsSections
    return bodyAmong && own.length > 0 ? { body: bodyAmong(own) } : {}
  }

  /** What waits to be done, the more pressing first; not on the page where it is done. */
  #banner({ shell }: Words): Banner | null {
    const { banners } = shell
    const { path, user, factorMissing } = this
    const newcomer = this.signedIn?.session.newcomer
    // A form that is shown again stands under an address that cannot be opened.
    const here = this.request.method === 'POST' ? '/' : `${path}${this.search}`
    if (newcomer) return newcomerBanner(newcomer, here, banners)
    if (factorMissing) return FACTOR_PLACES.test(path) ? null : factorBanner(factorMissing, this.#deps.clock(), banners)
    const asks = this.#deps.asksToConfirm && hasToConfirm(user) && !path.startsWith('/settings/address')
    if (asks) return confirmBanner(banners)
    const invited = user?.invitedToPasskey === true && this.#deps.hasPasskeys && !this.signedIn?.session.shared
    return invited && INVITATION_PLACES.includes(path) ? passkeyBanner(shell) : null
  }

  #cameInBy(): CameInBy {
    if (this.signedIn) return { signedIn: this.signedIn }
    if (this.bearer) return { bearer: this.bearer }
    throw new Error(`${this.path} sends events to somebody who is not signed in.`)
  }

  #respond(body: string | null, headers: Readonly<Record<string, string>>, options: AnswerOptions): Response {
    const { status = 200, cookies, headers: more } = options
    const all = more ? { ...headers, ...more } : headers
    if (!cookies) return new Response(body, { status, headers: all })
    const list = new Headers(all)
    for (const cookie of cookies) list.append('set-cookie', cookie)
    return new Response(body, { status, headers: list })
  }
}
