import type { AccountEvent, ActivityData, PageView } from '@miachat/auth'
import { eventWords, type Html, html, relativeTime, row, rowList, settingsFrame } from '@miachat/auth/views'
import { icon } from '../views/icons.ts'
import { emptyState } from '../views/pieces.ts'

/** Everything that happened to the account: `createAuth({ activityView })`. */
export function activityView({ events, olderHref, isOlder, now }: ActivityData): PageView {
  return settingsFrame({
    active: '/settings/activity',
    title: 'Activity',
    lead: html`What happened to your account in the last 90 days. Was something not you? <a href="/settings/security#password">Change your password</a>: that signs out everybody else.`,
    content: html`${events.length === 0 ? emptyState({ text: 'There is nothing older.' }) : eventRows(events, now)}
${
  (isOlder || olderHref !== null) &&
  html`<nav class="actions" aria-label="Pages">${isOlder && html`<a class="btn btn-secondary" href="/settings/activity">The newest</a>`}${
    olderHref !== null && html`<a class="btn btn-secondary" href="${olderHref}">Older</a>`
  }</nav>`
}`,
  })
}

/** What is not the person's own doing stands out by its sign and its words, never by colour alone. */
export function eventRows(events: readonly AccountEvent[], now: number): Html {
  return rowList(
    events.map((event) =>
      row({
        lead: icon(event.result === 'ok' ? 'clock' : 'warning'),
        title: eventWords(event),
        whole: true,
        text: html`${relativeTime(event.at, now)}${event.actor === null && html`, ${event.device}, from ${event.address}`}`,
      }),
    ),
  )
}
