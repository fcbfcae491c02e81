import type { AccountEvent, ActivityData, PageView } from '@miachat/auth'
import {
  deviceWords,
  eventWords,
  type Html,
  html,
  relativeTime,
  row,
  rowList,
  settingsFrame,
  type Words,
} from '@miachat/auth/views'
import { icon } from '../views/icons.ts'
import { emptyState } from '../views/pieces.ts'
import { wordsIn } from '../words/words.ts'

/** Everything that happened to the account: `createAuth({ activityView })`. */
export function activityView({ words, events, olderHref, isOlder, now }: ActivityData): PageView {
  const { profile: say } = wordsIn(words.language)
  return settingsFrame({
    words,
    active: '/settings/activity',
    title: say.activity,
    lead: html`${say.activityLead}<a href="/settings/security#password">${say.changePassword}</a>${say.activityAfter}`,
    content: html`${events.length === 0 ? emptyState({ text: say.nothingOlder }) : eventRows(events, now, words)}
${
  (isOlder || olderHref !== null) &&
  html`<nav class="actions" aria-label="${say.pages}">${isOlder && html`<a class="btn btn-secondary" href="/settings/activity">${say.newest}</a>`}${
    olderHref !== null && html`<a class="btn btn-secondary" href="${olderHref}">${say.older}</a>`
  }</nav>`
}`,
  })
}

/** What is not the person's own doing stands out by its sign and its words, never by colour alone. */
export function eventRows(events: readonly AccountEvent[], now: number, words: Words): Html {
  const { from } = wordsIn(words.language).profile
  return rowList(
    events.map((event) =>
      row({
        lead: icon(event.result === 'ok' ? 'clock' : 'warning'),
        title: eventWords(event, words),
        whole: true,
        text: html`${relativeTime(event.at, now, words)}${event.actor === null && html`, ${deviceWords(event.device, words)}, ${from} ${event.address}`}`,
      }),
    ),
  )
}
