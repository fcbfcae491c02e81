import type { LogPlace, LogWanted } from '../../audit/audit-store.ts'
import { days, isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { beginLogExport } from '../../sign-in/export-log.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { findAccount } from '../../users/find-account.ts'
import { english } from '../../words/words.ts'
import { type Exchange, type PageView, sessionOf } from '../exchange.ts'
import { logFile, loggedJson, logTypes } from '../log-file.ts'
import { logAnswer, logFileBody, logFilter } from '../log-schemas.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import { adminFrame } from '../views/admin-frame.ts'
import type { FormError } from '../views/forms.ts'
import { type LogAsked, logExportView, logView } from '../views/log-view.ts'
import { showAgain, wordedErrors } from './form-answers.ts'
import type { PageSettings } from './page-settings.ts'

const HOME = '/admin/log'
const EXPORT = '/admin/log/export'
const EVENTS_PER_PAGE = 50

/** The log of all accounts, for administrators: read in pages, and taken away as a file (AD4). */
export function logPages(context: SignInContext, settings: PageSettings): Route[] {
  /** The number of the account that a name, an address or a number means; `null` for nobody. */
  async function accountOf(typed: string): Promise<number | null> {
    const found = await findAccount(context.users, typed)
    if (found) return found.id
    // Also of an account that is gone: its log is still there.
    return /^\d{1,15}$/.test(typed) ? Number(typed) : null
  }

  /** What is to be read; null where it is of somebody whom nobody knows. */
  async function wantedOf(asked: LogAsked): Promise<LogWanted | null> {
    const userId = asked.person === undefined ? null : await accountOf(asked.person)
    if (asked.person !== undefined && userId === null) return null
    return {
      userId,
      event: asked.event ?? null,
      address: asked.address ?? null,
      from: asked.from === undefined ? null : Date.parse(asked.from),
      // A day is wanted to its end.
      to: asked.to === undefined ? null : Date.parse(asked.to) + (asked.to.includes('T') ? 0 : days(1)),
    }
  }

  async function log(exchange: Exchange): Promise<Response> {
    const asked = askedOf(exchange.query)
    const wanted = await wantedOf(asked)
    const before = placeOf(exchange.query.get('before'))
    // One more than is shown tells whether there are others.
    const found = wanted ? await context.audit.stretch(wanted, before, EVENTS_PER_PAGE + 1) : []
    const events = found.slice(0, EVENTS_PER_PAGE)
    const last = found.length > events.length ? events.at(-1) : undefined
    const userId = wanted?.userId ?? null
    const fits = userId === null ? null : await context.audit.fits(userId)
    const nextBefore = last ? `${last.at}-${last.id}` : null
    if (exchange.wantsJson) {
      const chain = fits === null ? null : fits ? 'fits' : 'broken'
      return exchange.json({ success: true, events: events.map(loggedJson), next_before: nextBefore, chain })
    }
    const filter = searchOf(asked)
    const { words } = exchange
    const { title, lead } = words.server.log
    const content = logView({
      words,
      asked,
      events,
      isUnknown: wanted === null,
      fits,
      isLater: before !== null,
      newestHref: `${HOME}?${filter}`,
      olderHref: nextBefore === null ? null : `${HOME}?${searchOf({ ...asked, before: nextBefore })}`,
      exportHref: `${EXPORT}?${filter}`,
    })
    return exchange.page(adminFrame({ words, active: HOME, title, lead, content }))
  }

  function exportPage({ words }: Exchange, asked: LogAsked, errors: readonly FormError[] = []): PageView {
    const content = logExportView({ words, asked, backHref: `${HOME}?${searchOf(asked)}` })
    return adminFrame({ words, active: HOME, title: words.server.log.exportTitle, content, errors })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      access: 'admin',
      summary:
        'The log of all accounts, the newest event first; `person` (name, address or number), `event`, `address`, `from` and `to` (a day, or a time in UTC) filter, `before` goes on.',
      answers: { 200: logAnswer },
      handle: log,
    }),
    route({
      method: 'GET',
      path: EXPORT,
      access: 'admin',
      stepUp: true,
      summary: 'Asks in which form the log is to be exported; filters as in the log.',
      handle: (exchange) => exchange.page(exportPage(exchange, askedOf(exchange.query))),
    }),
    routeOfForm({
      method: 'POST',
      path: EXPORT,
      access: 'admin',
      stepUp: true,
      summary: 'The log as a file, CSV or a line of JSON for each event; that it was taken is written down.',
      body: logFileBody,
      answers: { 200: 'The log, text/csv or application/jsonl.' },
      async handle(exchange, { format, ...asked }) {
        const wanted = await wantedOf(asked)
        if (wanted === null) throw new AuthError('invalid_fields', { fields: [nobody] })
        const chosen = Object.fromEntries(searchOf(asked))
        await beginLogExport(context, sessionOf(exchange).user, { format, ...chosen }, exchange.client)
        const day = isoTime(context.clock()).slice(0, 10)
        return new Response(
          logFile(format, (before, most) => context.audit.stretch(wanted, before, most)),
          {
            headers: {
              ...settings.downloadHeaders,
              'content-type': logTypes[format],
              'content-disposition': `attachment; filename="account-log-${day}.${format}"`,
            },
          },
        )
      },
      onError: (exchange, error, raw) => {
        const typed = new URLSearchParams()
        for (const name of Object.keys(logFilter)) typed.set(name, raw(name))
        return showAgain(
          exchange,
          error,
          exportPage(
            exchange,
            askedOf(typed),
            wordedErrors(error, exchange.words, { nobody: exchange.words.server.log.unknown }),
          ),
        )
      },
    }),
  ]
}

const nobody = { field: 'person', code: 'nobody', message: english.server.log.unknown }

/** What the address asks for; what means nothing is left out, and stands in no field of the page. */
function askedOf(query: URLSearchParams): LogAsked {
  const read = <T>(schema: { safeParse: (text: string) => { data?: T } }, name: string): T | undefined => {
    // PostgreSQL cannot even be asked for a NUL.
    const text = (query.get(name) ?? '').replaceAll('\0', '')
    return text === '' ? undefined : schema.safeParse(text).data
  }
  return {
    person: read(logFilter.person, 'person'),
    event: read(logFilter.event, 'event'),
    address: read(logFilter.address, 'address'),
    from: read(logFilter.from, 'from'),
    to: read(logFilter.to, 'to'),
  }
}

function searchOf(asked: LogAsked & { readonly before?: string }): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, text] of Object.entries(asked)) if (text !== undefined) search.set(name, text)
  return search
}

/** A place as the address of the next page names it. */
function placeOf(text: string | null): LogPlace | null {
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '') ?? []
  return at === undefined || id === undefined ? null : { at: Number(at), id: Number(id) }
}
