import {
  button,
  check,
  type FramedPage,
  type Html,
  html,
  type SettingsSection,
  section,
  select,
  settingsFrame,
  type Theme,
  themeForm,
  type Words,
} from '@miachat/auth/views'
import { inAll, wordsIn } from '../words/words.ts'
import type { Preferences } from './preferences.ts'

const paths = ['/settings/appearance', '/settings/chat', '/settings/privacy'] as const

/** The app's own rows in the list of the settings. */
export const preferenceSections: readonly SettingsSection[] = paths.map((path) => ({
  path,
  label: inAll(({ preferences }) => preferences.sections[path]),
}))

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

export function appearanceView(chosen: Preferences, theme: Theme, words: Words): FramedPage {
  const { text_size, density, motion, message_width } = chosen
  const { sections, appearance: say, save, saving } = wordsIn(words.language).preferences
  return settingsFrame({
    words,
    active: '/settings/appearance',
    title: sections['/settings/appearance'],
    lead: say.lead,
    content: html`${section({ id: 'theme', title: say.theme, body: themeForm({ theme, path: '/settings/appearance', words }) })}
${section({
  id: 'look',
  title: say.look,
  body: html`<form method="post" action="/settings/appearance" data-once data-guard>
${select({ name: 'text_size', label: say.textSize, value: text_size, options: optionsOf(say.textSizes) })}
${select({ name: 'density', label: say.density, value: density, options: optionsOf(say.densities) })}
${select({ name: 'message_width', label: say.width, value: message_width, options: optionsOf(say.widths) })}
${select({ name: 'motion', label: say.motion, value: motion, options: optionsOf(say.motions) })}
${button({ label: save, kind: 'secondary', busy: saving })}
</form>`,
})}`,
  })
}

export function chattingView({ send_with, reading, follow, times }: Preferences, words: Words): FramedPage {
  const { sections, chat: say, save, saving } = wordsIn(words.language).preferences
  return settingsFrame({
    words,
    active: '/settings/chat',
    title: sections['/settings/chat'],
    lead: say.lead,
    content: section({
      id: 'talking',
      title: say.talking,
      body: html`<form method="post" action="/settings/chat" data-once data-guard>
${select({ name: 'send_with', label: say.sendWith, hint: say.sendHint, value: send_with, options: optionsOf(say.sendKeys) })}
${select({ name: 'reading', label: say.reading, value: reading, options: optionsOf(say.readings) })}
${check({ name: 'follow', label: say.follow, hint: say.followHint, checked: follow })}
${check({ name: 'times', label: say.times, checked: times })}
${button({ label: save, kind: 'secondary', busy: saving })}
</form>`,
    }),
  })
}

/** In days. */
export const keepingTimes = ['1', '7', '30', '90', '365'] as const

export interface PrivacyView {
  readonly words: Words
  /** For how long conversations are kept; null for ever. */
  readonly days: number | null
  /** All conversations, and those that are older. */
  readonly count: number
  readonly outdated: number
  readonly hasMail: boolean
}

export function privacyView(view: PrivacyView): FramedPage {
  const { words, hasMail } = view
  const { sections, privacy: say } = wordsIn(words.language).preferences
  const history = html`<a href="/settings/activity">${say.activity}</a>.`
  return settingsFrame({
    words,
    active: '/settings/privacy',
    title: sections['/settings/privacy'],
    content: html`${keepingSection(view)}
${section({
  id: 'readers',
  title: say.readers,
  body: html`<ul class="words">
<li><strong>${say.administrators}</strong>${say.administratorsSee}</li>
<li><strong>${say.operator}</strong>${say.operatorSees}</li>
<li><strong>${say.nobody}</strong>${say.nobodySees}</li>
</ul>`,
})}
${section({ id: 'memory', title: say.memory, body: html`<p>${say.memoryText}</p>` })}
${section({ id: 'letters', title: say.letters, body: html`<p>${hasMail ? say.lettersCome : say.noLetters}${history}</p>` })}`,
  })
}

function keepingSection({ words, days, count, outdated }: PrivacyView): Html {
  const { privacy: say, save, saving } = wordsIn(words.language).preferences
  const value = keepingTimes.find((time) => Number(time) === days) ?? 'ever'
  // An object puts its numbers first, whatever is written.
  const options = (['ever', ...keepingTimes] as const).map((time) => ({ value: time, label: say.times[time] }))
  return section({
    id: 'keeping',
    title: say.keeping,
    intro: say.keepingIntro,
    body: html`<form method="post" action="/settings/privacy" data-once data-guard>
${select({ name: 'days', label: say.keep, value, options, hint: say.keepHint })}
${outdated > 0 && html`<p><strong>${say.outdated(outdated)}</strong> ${say.toKeep}</p>`}
${button({ label: save, kind: 'secondary', busy: saving })}
</form>
<p class="section-end">${count === 0 ? say.none : html`${say.have(count)} <a href="/chat/delete">${say.deleteAll}</a>`}</p>`,
  })
}
