import { auditEventNames, type LoggedEvent } from '../../audit/audit.ts'
import { deviceName } from '../../sessions/device-name.ts'
import { deviceWords } from '../../words/device-words.ts'
import type { Words } from '../../words/words.ts'
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
  readonly words: Words
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
  const { words, asked, events, isUnknown, fits, isLater, newestHref, olderHref, exportHref } = view
  const { log: say } = words.server
  const { person, event, address, from, to } = asked
  const isFiltered = [event, address, from, to].some((one) => one !== undefined)
  return html`<form method="get" action="/admin/log" role="search">
${field({ name: 'person', words, label: say.person, type: 'search', value: person ?? '', required: false, verbatim: true, dir: 'auto', maxlength: 254 })}
<details${isFiltered && ' open'}><summary>${say.filters}</summary>
${select({ name: 'event', label: say.event, value: event ?? '', options: [{ value: '', label: say.all }, ...kinds(words)] })}
${field({ words, name: 'address', label: say.address, value: address ?? '', required: false, verbatim: true, dir: 'ltr', maxlength: 64 })}
${dayField('from', say.from, from)}
${dayField('to', say.to, to)}
</details>
<div class="actions section-end">${button({ label: say.search, kind: 'secondary' })}<a class="btn btn-quiet" href="${exportHref}">${say.export}</a></div>
</form>
${fits !== null && chainLine(fits, say)}
<div class="section-end">${events.length === 0 ? html`<p>${isUnknown ? say.unknown : say.nothing}</p>` : rowList(events.map((one) => eventRow(one, words)))}</div>
${
  (isLater || olderHref !== null) &&
  html`<nav class="actions section-end" aria-label="${say.pages}">${isLater && html`<a class="btn btn-secondary" href="${newestHref}">${say.newest}</a>`}${
    olderHref !== null && html`<a class="btn btn-secondary" href="${olderHref}">${say.older}</a>`
  }</nav>`
}`
}

/** A field of a day takes no time: what a program's address says is kept as text. */
const dayField = (name: string, label: string, value = ''): Html =>
  field({ name, label, type: value.includes('T') ? 'text' : 'date', value, required: false })

const kinds = (words: Words) =>
  auditEventNames
    .map((value) => ({ value, label: eventLabel(value, words) }))
    .sort((a, b) => a.label.localeCompare(b.label, words.language))

const chainLine = (fits: boolean, say: Words['server']['log']): Html =>
  fits ? html`<p class="section-end">${say.fits}</p>` : html`<p class="section-end"><strong>${say.broken}</strong></p>`

function eventRow(event: LoggedEvent, words: Words): Html {
  const { log: say } = words.server
  const { at, result, userId, username, actor, address, userAgent, requestId, detail } = event
  const mark = new Map(Object.entries(say.results)).get(result)
  const { reason: _, act: __, account: ___, name: ____, ...more } = detail
  const facts = Object.entries(more).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`)
  const who =
    userId === null
      ? say.noAccount
      : html`<a href="/admin/people/${userId}"><bdi>${username ?? say.number(userId)}</bdi></a>${username === null && say.deleted}`
  return row({
    title: loggedWords(event, words),
    ...(mark !== undefined && { mark: html`<span class="badge badge-warning">${mark}</span>` }),
    whole: true,
    text: html`${moment(at)}, ${who}<br>${actor === null ? html`${deviceWords(deviceName(userAgent), words)}${say.comesFrom}<bdi>${address}</bdi>` : actorWords(actor, address, say)}${facts.length > 0 && html`<br><bdi>${facts.join(', ')}</bdi>`}<br><span class="small"><code>${event.event}</code>${say.request}<bdi>${requestId}</bdi></span>`,
  })
}

/** An administrator by number, whose page tells the name. */
function actorWords(actor: string, address: string, say: Words['server']['log']): Html {
  const [, id] = /^administrator (\d+)$/.exec(actor) ?? []
  const by =
    id === undefined ? html`<bdi>${actor}</bdi>` : html`<a href="/admin/people/${id}">${say.administrator(id)}</a>`
  return html`${say.by}${by}${say.comesFrom}<bdi>${address}</bdi>`
}

/** Says what the file will hold, and asks for its form. */
export function logExportView({ words, asked, backHref }: { words: Words; asked: LogAsked; backHref: string }): Html {
  const { log: say } = words.server
  const { person, event, address, from, to } = asked
  const chosen: readonly (readonly [string, string | undefined])[] = [
    [say.account, person],
    [say.event, event && eventLabel(event, words)],
    [say.address, address],
    [say.exportFrom, from],
    [say.exportTo, to],
  ]
  const shown = chosen.filter(([, value]) => value !== undefined)
  return html`<p>${say.file}</p>
${shown.length === 0 ? html`<p>${say.allEvents}</p>` : html`<dl class="facts">${shown.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`}
<form class="section-end" method="post" action="/admin/log/export">
${Object.entries(asked).map(([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`)}
${select({
  name: 'format',
  label: say.format,
  options: [
    { value: 'csv', label: say.csv },
    { value: 'jsonl', label: say.jsonl },
  ],
})}
<div class="actions">${button({ label: say.export })}<a class="btn btn-quiet" href="${backHref}">${say.back}</a></div>
</form>`
}
