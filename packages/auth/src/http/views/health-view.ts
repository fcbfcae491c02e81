import type { HealthLine } from '../../sign-in/health.ts'
import { textIn } from '../../words/host-text.ts'
import type { Words } from '../../words/words.ts'
import { type Html, html } from './html.ts'
import { row, rowList } from './lists.ts'

const badges: Readonly<Record<HealthLine['level'], string>> = {
  ok: 'badge-done',
  warning: 'badge-warning',
  problem: 'badge-warning',
}

const order: readonly HealthLine['level'][] = ['problem', 'warning', 'ok']

/** How the server stands, what is wrong first (AD8). */
export function healthView(lines: readonly HealthLine[], words: Words): Html {
  const { health: say } = words.server
  const open = lines.filter(({ level }) => level !== 'ok').length
  const sorted = order.flatMap((level) => lines.filter((one) => one.level === level))
  return html`<p>${open === 0 ? say.allRight : say.open(open)}</p>
${rowList(
  sorted.map(({ level, topic, text }) =>
    row({
      title: textIn(topic, words).replace(/^./u, (first) => first.toLocaleUpperCase(words.language)),
      // A word, never colour alone.
      mark: html`<span class="badge ${badges[level]}">${say.levels[level]}</span>`,
      text: textIn(text, words),
      whole: true,
    }),
  ),
)}`
}
