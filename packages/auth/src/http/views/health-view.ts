import type { HealthLine } from '../../sign-in/health.ts'
import { type Html, html, plural } from './html.ts'
import { row, rowList } from './lists.ts'

/** Words, never colour alone. */
const marks: Readonly<Record<HealthLine['level'], Html>> = {
  ok: html`<span class="badge badge-done">All right</span>`,
  warning: html`<span class="badge badge-warning">Look at this</span>`,
  problem: html`<span class="badge badge-warning">To be mended</span>`,
}

const order: readonly HealthLine['level'][] = ['problem', 'warning', 'ok']

/** How the server stands, what is wrong first (AD8). */
export function healthView(lines: readonly HealthLine[]): Html {
  const open = lines.filter(({ level }) => level !== 'ok').length
  const sorted = order.flatMap((level) => lines.filter((one) => one.level === level))
  return html`<p>${open === 0 ? 'Everything that is looked at here is all right.' : `${plural(open, 'thing wants', 'things want')} to be looked at.`}</p>
${rowList(
  sorted.map(({ level, topic, text }) =>
    row({ title: `${topic.charAt(0).toUpperCase()}${topic.slice(1)}`, mark: marks[level], text, whole: true }),
  ),
)}`
}
