import type { AccountEvent } from '../../audit/audit.ts'
import { deviceWords } from '../../words/device-words.ts'
import type { Words } from '../../words/words.ts'
import type { PageView } from '../exchange.ts'
import { eventWords } from '../views/event-words.ts'
import { button, errorFor, field } from '../views/forms.ts'
import { type Html, html } from '../views/html.ts'
import { languageChoice } from '../views/language-choice.ts'
import { relativeTime } from '../views/relative-time.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import type { ActivityData, SettingsData } from './page-settings.ts'

/** The library's own settings page; the host app may draw its own. */
export function defaultSettingsView({ words, languages, user, errors, events, notice, now }: SettingsData): PageView {
  const { account: say } = words
  return settingsFrame({
    words,
    active: '/settings',
    title: say.title,
    errors,
    notice,
    content: html`<form method="post" action="/settings/profile" novalidate data-once>
<h2>${say.profile}</h2>
<p>${say.signedInAs} <strong dir="auto">${user.username}</strong>${user.email !== null && `, ${user.email}`}. <a href="/settings/username">${say.changeUsername}</a></p>
${field({ words, name: 'display_name', label: say.name, value: user.displayName, error: errorFor(errors, 'display_name'), autocomplete: 'nickname', required: false, dir: 'auto' })}
${button({ label: say.saveProfile })}
</form>
${languageChoice({ words, languages, user })}
<section>
<h2>${say.recent}</h2>
${eventList(events, now, words)}
<p><a href="/settings/activity">${say.all}</a></p>
</section>`,
  })
}

/** The library's own page of what happened to the account. */
export function defaultActivityView({ words, events, olderHref, isOlder, now }: ActivityData): PageView {
  const { account: say } = words
  return settingsFrame({
    words,
    active: '/settings/activity',
    title: say.activity,
    lead: html`${say.lead} <a href="/settings/security#password">${say.changePassword}</a>`,
    content: html`${events.length === 0 ? html`<p>${say.nothingOlder}</p>` : eventList(events, now, words)}
<p>${isOlder && html`<a href="/settings/activity">${say.newest}</a> `}${olderHref !== null && html`<a href="${olderHref}">${say.older}</a>`}</p>`,
  })
}

const eventList = (events: readonly AccountEvent[], now: number, words: Words): Html =>
  html`<ul>${events.map((event) => html`<li>${eventWords(event, words)}, ${relativeTime(event.at, now, words)}, ${deviceWords(event.device, words)}, ${event.address}</li>`)}</ul>`
