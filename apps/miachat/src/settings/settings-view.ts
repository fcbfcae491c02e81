import type { PageView, SettingsData } from '@miachat/auth'
import {
  button,
  errorFor,
  field,
  type Html,
  html,
  languageChoice,
  relativeTime,
  section,
  settingsFrame,
  type Words,
} from '@miachat/auth/views'
import { ownPicture } from '../picture/own-picture.ts'
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
${languageChoice(data)}
${history(data)}`,
  })
}

function profile({ words, user, errors, now }: SettingsData): Html {
  const { profile: say } = wordsIn(words.language)
  return section({
    id: 'profile',
    title: say.profile,
    body: html`${picture(words, user.fields)}
<form method="post" action="/settings/profile" novalidate data-once data-guard>
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

/** The picture of oneself, and the way to its page. */
function picture(words: Words, fields: Readonly<Record<string, unknown>>): Html {
  const { picture: say } = wordsIn(words.language)
  const shown = ownPicture(fields)
  return html`<p class="own-picture">${shown !== null && html`<img class="avatar avatar-medium" src="${shown}" alt="" width="48" height="48">`}<a href="/settings/picture">${shown === null ? say.add : say.change}</a></p>`
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
