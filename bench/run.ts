// `npm run bench [-- GOAL …] [--big]`: measures P1 to P9 and the front end side by side with their limits and prints one table.
import { type Line, verdict } from './goal.ts'
import { pages, start } from './goals/app.ts'
import { checks } from './goals/checks.ts'
import { frontEnd } from './goals/front-end.ts'
import { manySessions } from './goals/many-sessions.ts'
import { signIns } from './goals/sign-ins.ts'
import { storm } from './goals/storm.ts'

const args = process.argv.slice(2)
const options = { big: args.includes('--big') }
const wanted = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.toUpperCase())

const parts = [
  { goals: ['P1', 'P2', 'P3'], run: checks },
  { goals: ['P4'], run: storm },
  { goals: ['P5'], run: signIns },
  { goals: ['P6', 'P7'], run: () => manySessions(options) },
  { goals: ['P8'], run: start },
  { goals: ['P9'], run: pages },
  { goals: ['FE'], run: frontEnd },
]

const lines: Line[] = []
for (const part of parts) {
  if (wanted.length > 0 && !part.goals.some((goal) => wanted.includes(goal))) continue
  console.error(`measuring ${part.goals.join(', ')} …`)
  lines.push(...(await part.run()))
}

const head = ['goal', 'what', 'limit', 'ours', 'ratio', 'wanted', 'verdict']
const rows = lines.map((line) => [
  line.goal,
  line.what,
  line.limit,
  line.ours,
  line.ratio.toFixed(2),
  line.wanted ? `${line.wanted.kind} ${line.wanted.value} (${line.wanted.stretch})` : '',
  verdict(line),
])
const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
const print = (cells: readonly string[]) => console.log(cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
print(head)
print(widths.map((width) => '-'.repeat(width)))
for (const row of rows) print(row)
process.exit(lines.some((line) => verdict(line) === 'SHORT') ? 1 : 0)
