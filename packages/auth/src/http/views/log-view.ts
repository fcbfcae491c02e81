import { auditEventNames, type LoggedEvent } from '../../audit/audit.ts'
import { deviceName } from '../../sessions/device-name.ts'
import { eventLabel, loggedWords } from './event-words.ts'
import { button, field, select } from './forms.ts'
import { type Html, html } from './html.ts'
import { row, rowList } from './lists.ts'
import { moment } from './time-words.ts'

/** Which events an administrator asks for, as typed. */
export interface LogAsked {
  readonly person?: string | undefined
  readonly event?: (typeof auditEventNames)[number] | undefined
  readonly address?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface LogView {
  readonly asked: LogAsked
  readonly events: readonly LoggedEvent[]
  /** Nobody is known by what was typed. */
  readonly isUnknown: boolean
  /** Whether the log of the one account that is shown fits together; null where it is not of one. */
  readonly fits: boolean | null
  /** This page does not begin with the newest event. */
  readonly isLater: boolean
  readonly newestHref: string
  /** Address of the page after this one, or null. */
  readonly olderHref: string | null
  readonly exportHref: string
}

/** The log of all accounts with its filters (AD4). */
export function logView(view: LogView): Html {
  const { asked, events, isUnknown, fits, isLater, newestHref, olderHref, exportHref } = view
  const { person, event, address, from, to } = asked
  const isFiltered = [event, address, from, to].some((one) => one !== undefined)
  return html`<form method="get" action="/admin/log" role="search">
${field({ name: 'person', label: 'Name, e-mail address or number', type: 'search', value: person ?? '', required: false, verbatim: true, dir: 'auto', maxlength: 254 })}
<details${isFiltered && ' open'}><summary>Filters</summary>
${select({ name: 'event', label: 'What happened', value: event ?? '', options: [{ value: '', label: 'All' }, ...kinds()] })}
${field({ name: 'address', label: 'Network address', value: address ?? '', required: false, verbatim: true, dir: 'ltr', maxlength: 64 })}
${dayField('from', 'From this day on (UTC)', from)}
${dayField('to', 'Until this day (UTC)', to)}
</details>
<div class="actions section-end">${button({ label: 'Search', kind: 'secondary' })}<a class="btn btn-quiet" href="${exportHref}">Export</a></div>
</form>
${fits !== null && chainLine(fits)}
<div class="section-end">${events.length === 0 ? html`<p>${isUnknown ? 'Nobody has this name, address or number.' : 'There is nothing.'}</p>` : rowList(events.map(eventRow))}</div>
${
  (isLater || olderHref !== null) &&
  html`<nav class="actions section-end" aria-label="Pages">${isLater && html`<a class="btn btn-secondary" href="${newestHref}">The newest</a>`}${
    olderHref !== null && html`<a class="btn btn-secondary" href="${olderHref}">Older</a>`
  }</nav>`
}`
}

/** A field of a day takes no time: what a program's address says is kept as text. */
const dayField = (name: string, label: string, value = ''): Html =>
  field({ name, label, type: value.includes('T') ? 'text' : 'date', value, required: false })

const kinds = () =>
  auditEventNames.map((value) => ({ value, label: eventLabel(value) })).sort((a, b) => (a.label < b.label ? -1 : 1))

const chainLine = (fits: boolean): Html =>
  fits
    ? html`<p class="section-end">The hashes of this log fit together: nothing in it was changed, added or taken out.</p>`
    : html`<p class="section-end"><strong>The hashes of this log do not fit together: somebody has changed it in the database, past this program.</strong></p>`

const results: Readonly<Record<string, string>> = { failed: 'Failed', limited: 'Turned away', refused: 'Refused' }

function eventRow(event: LoggedEvent): Html {
  const { at, result, userId, username, actor, address, userAgent, requestId, detail } = event
  const mark = results[result]
  const { reason: _, act: __, account: ___, name: ____, ...more } = detail
  const facts = Object.entries(more).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`)
  const who =
    userId === null
      ? 'No account'
      : html`<a href="/admin/people/${userId}"><bdi>${username ?? `Number ${userId}`}</bdi></a>${username === null && ' (deleted)'}`
  return row({
    title: loggedWords(event),
    ...(mark !== undefined && { mark: html`<span class="badge badge-warning">${mark}</span>` }),
    whole: true,
    text: html`${moment(at)}, ${who}<br>${actor === null ? html`${deviceName(userAgent)}, from <bdi>${address}</bdi>` : actorWords(actor, address)}${facts.length > 0 && html`<br><bdi>${facts.join(', ')}</bdi>`}<br><span class="small">${event.event}, request <bdi>${requestId}</bdi></span>`,
  })
}

/** An administrator by number, whose page tells the name. */
function actorWords(actor: string, address: string): Html {
  const [, id] = /^administrator (\d+)$/.exec(actor) ?? []
  const by = id === undefined ? html`<bdi>${actor}</bdi>` : html`<a href="/admin/people/${id}">administrator ${id}</a>`
  return html`By ${by}, from <bdi>${address}</bdi>`
}

/** Says what the file will hold, and asks for its form. */
export function logExportView({ asked, backHref }: { asked: LogAsked; backHref: string }): Html {
  const { person, event, address, from, to } = asked
  const chosen: readonly (readonly [string, string | undefined])[] = [
    ['Account', person],
    ['What happened', event && eventLabel(event)],
    ['Network address', address],
    ['From', from],
    ['Until', to],
  ]
  const shown = chosen.filter(([, value]) => value !== undefined)
  return html`<p>The file holds names, network addresses and what people did with their accounts. Keep it where only those read it who have to. That you took it stands in the log.</p>
${shown.length === 0 ? html`<p>All events of all accounts.</p>` : html`<dl class="facts">${shown.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`}
<form class="section-end" method="post" action="/admin/log/export">
${Object.entries(asked).map(([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`)}
${select({
  name: 'format',
  label: 'Form of the file',
  options: [
    { value: 'csv', label: 'CSV, for table programs' },
    { value: 'jsonl', label: 'JSONL, for programs: a line for each event' },
  ],
})}
<div class="actions">${button({ label: 'Export' })}<a class="btn btn-quiet" href="${backHref}">Back to the log</a></div>
</form>`
}
