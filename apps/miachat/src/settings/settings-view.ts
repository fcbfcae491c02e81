import type { PageView, SettingsData } from '@miachat/auth'
import { button, errorFor, field, type Html, html, relativeTime, section, settingsFrame } from '@miachat/auth/views'
import { wordsIn } from '../words/words.ts'
import { eventRows } from './activity-view.ts'

/** Profile, and what happened lately: `createAuth({ settingsView })`. */
export function settingsView(data: SettingsData): PageView {
  const { words, errors, notice } = data
  return settingsFrame({
    words,
    active: '/settings',
    title: wordsIn(words.language).profile.title,
    errors,
    notice,
    content: html`${profile(data)}
${history(data)}`,
  })
}

function profile({ words, user, errors, now }: SettingsData): Html {
  const { profile: say } = wordsIn(words.language)
  return section({
    id: 'profile',
    title: say.profile,
    body: html`<form method="post" action="/settings/profile" novalidate data-once data-guard>
${field({
  words,
  name: 'display_name',
  label: say.name,
  hint: say.nameHint,
  value: user.displayName,
  error: errorFor(errors, 'display_name'),
  autocomplete: 'nickname',
  dir: 'auto',
})}
${button({ label: say.save, kind: 'secondary', busy: say.saving })}
</form>
<dl class="facts section-end">
<dt>${say.username}</dt><dd><bdi>${user.username}</bdi> <a href="/settings/username">${say.change}<span class="visually-hidden"> ${say.changeWhat}</span></a></dd>
<dt>${say.address}</dt><dd>${user.email ?? say.none}</dd>
<dt>${say.made}</dt><dd>${relativeTime(Date.parse(user.createdAt), now, words)}</dd>
</dl>`,
  })
}

function history({ words, events, now }: SettingsData): Html {
  const { profile: say } = wordsIn(words.language)
  return section({
    id: 'activity',
    title: say.recent,
    intro: say.recentIntro,
    action: html`<a href="/settings/activity">${say.all}</a>`,
    body: eventRows(events, now, words),
  })
}
