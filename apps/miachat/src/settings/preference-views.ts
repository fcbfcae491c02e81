import {
  button,
  check,
  type FramedPage,
  type Html,
  html,
  plural,
  type SettingsSection,
  section,
  select,
  settingsFrame,
  type Theme,
  themeForm,
} from '@miachat/auth/views'
import type { densities, messageWidths, motions, Preferences, readings, sendKeys, textSizes } from './preferences.ts'

/** The app's own rows in the list of the settings. */
export const preferenceSections: readonly SettingsSection[] = [
  { path: '/settings/appearance', label: 'Appearance' },
  { path: '/settings/chat', label: 'Chat' },
  { path: '/settings/privacy', label: 'Privacy' },
]

const textSizeWords: Record<(typeof textSizes)[number], string> = {
  '90': 'Small (90 %)',
  '100': 'Usual (100 %)',
  '110': 'Larger (110 %)',
  '125': 'Large (125 %)',
  '150': 'Very large (150 %)',
}
const densityWords: Record<(typeof densities)[number], string> = { roomy: 'Roomy', compact: 'Compact' }
const motionWords: Record<(typeof motions)[number], string> = { system: 'As the device says', less: 'None' }
const widthWords: Record<(typeof messageWidths)[number], string> = { narrow: 'Narrow', usual: 'Usual', wide: 'Wide' }
const sendWords: Record<(typeof sendKeys)[number], string> = {
  enter: 'Enter',
  'ctrl-enter': 'Ctrl or ⌘ and Enter',
}
const readingWords: Record<(typeof readings)[number], string> = {
  whole: 'The reply, up to 600 characters',
  short: 'Only that a reply has come',
}

const optionsOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

export function appearanceView(chosen: Preferences, theme: Theme): FramedPage {
  const { text_size, density, motion, message_width } = chosen
  return settingsFrame({
    active: '/settings/appearance',
    title: 'Appearance',
    lead: 'It holds on every device on which you sign in. The theme is chosen for each browser.',
    content: html`${section({ id: 'theme', title: 'Theme', body: themeForm({ theme, path: '/settings/appearance' }) })}
${section({
  id: 'look',
  title: 'Text and room',
  body: html`<form method="post" action="/settings/appearance" data-once data-guard>
${select({ name: 'text_size', label: 'Size of the text', value: text_size, options: optionsOf(textSizeWords) })}
${select({ name: 'density', label: 'Room between lines and rows', value: density, options: optionsOf(densityWords) })}
${select({ name: 'message_width', label: 'Width of messages', value: message_width, options: optionsOf(widthWords) })}
${select({ name: 'motion', label: 'Movement', value: motion, options: optionsOf(motionWords) })}
${button({ label: 'Save', kind: 'secondary', busy: 'Saving…' })}
</form>`,
})}`,
  })
}

export function chattingView({ send_with, reading, follow, times }: Preferences): FramedPage {
  return settingsFrame({
    active: '/settings/chat',
    title: 'Chat',
    lead: 'It holds on every device on which you sign in.',
    content: section({
      id: 'talking',
      title: 'Talking',
      body: html`<form method="post" action="/settings/chat" data-once data-guard>
${select({ name: 'send_with', label: 'What sends a message', hint: 'Shift and Enter always makes a line. On a phone, Enter does.', value: send_with, options: optionsOf(sendWords) })}
${select({ name: 'reading', label: 'What a screen reader says', value: reading, options: optionsOf(readingWords) })}
${check({ name: 'follow', label: 'Go along with new text', hint: 'Only while you are at the end of the conversation.', checked: follow })}
${check({ name: 'times', label: 'Show when something was said', checked: times })}
${button({ label: 'Save', kind: 'secondary', busy: 'Saving…' })}
</form>`,
    }),
  })
}

/** In days. */
export const keepingTimes = ['1', '7', '30', '90', '365'] as const

const keepingWords: Record<(typeof keepingTimes)[number] | 'ever', string> = {
  ever: 'Until I delete them',
  '1': 'Temporary: for a day',
  '7': 'For a week',
  '30': 'For 30 days',
  '90': 'For 90 days',
  '365': 'For a year',
}
/** An object puts its numbers first, whatever is written. */
const keepingOptions = (['ever', ...keepingTimes] as const).map((value) => ({ value, label: keepingWords[value] }))

export interface PrivacyView {
  /** For how long conversations are kept; null for ever. */
  readonly days: number | null
  /** All conversations, and those that are older. */
  readonly count: number
  readonly outdated: number
  readonly hasMail: boolean
}

export function privacyView(view: PrivacyView): FramedPage {
  return settingsFrame({
    active: '/settings/privacy',
    title: 'Privacy',
    content: html`${keepingSection(view)}
${section({
  id: 'readers',
  title: 'Who can read what',
  body: html`<ul class="words">
<li><strong>Administrators</strong> see in MiaChat: your name and address, when you signed in, your devices, how your account is protected, and its log. No page shows them your conversations, characters or personalities.</li>
<li><strong>Whoever runs the machine</strong> can read everything in its database and in copies of it: conversations lie there unencrypted. What you delete stays in older backups for as long as those are kept.</li>
<li><strong>Nobody else.</strong> No AI model is connected: your words do not leave this server.</li>
</ul>`,
})}
${section({
  id: 'memory',
  title: 'Memory',
  body: html`<p>Characters remember what was said in a conversation while it exists, and nothing from one conversation to the next. There is nothing more to turn off or delete.</p>`,
})}
${section({
  id: 'letters',
  title: 'Letters',
  body: view.hasMail
    ? html`<p>You get a letter when something changes that opens your account: a new device, another password, a passkey. These letters cannot be turned off: they are how you notice somebody else. Besides these, only letters come that you ask for. All of it also stands in the <a href="/settings/activity">activity</a>.</p>`
    : html`<p>This server sends no letters. What happens to your account stands in the <a href="/settings/activity">activity</a>.</p>`,
})}`,
  })
}

function keepingSection({ days, count, outdated }: PrivacyView): Html {
  const value = keepingTimes.find((time) => Number(time) === days) ?? 'ever'
  return section({
    id: 'keeping',
    title: 'How long conversations are kept',
    intro: 'It counts from the last message. Characters and personalities stay.',
    body: html`<form method="post" action="/settings/privacy" data-once data-guard>
${select({ name: 'days', label: 'Keep my conversations', value, options: keepingOptions, hint: 'A shorter time deletes what is older, an hour after you saved it at the earliest.' })}
${outdated > 0 && html`<p><strong>${plural(outdated, 'conversation is', 'conversations are')} older and will be deleted.</strong> To keep ${outdated === 1 ? 'it' : 'them'}, choose a longer time now.</p>`}
${button({ label: 'Save', kind: 'secondary', busy: 'Saving…' })}
</form>
<p class="section-end">${
      count === 0
        ? 'You have no conversations now.'
        : html`You have ${plural(count, 'conversation', 'conversations')}. <a href="/chat/delete">Delete all conversations…</a>`
    }</p>`,
  })
}
