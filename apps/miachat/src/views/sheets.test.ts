import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildSheet, sheets } from '../../styles/build.ts'
import { papers } from '../characters/card-png.ts'

const limits: Readonly<Record<string, number>> = { 'auth.css': 8_000, 'app.css': 14_000 }

for (const { source, target } of sheets) {
  const name = path.basename(target)

  test(`${name} is what its sources give: npm run build:css`, async () => {
    assert.equal(await readFile(target, 'utf8'), await buildSheet(source))
  })

  test(`${name} is small and asks for nothing else (HDR-04)`, async () => {
    const css = await readFile(target, 'utf8')
    const size = gzipSync(css).length
    assert.ok(size <= (limits[name] ?? 0), `${size} bytes`)
    assert.doesNotMatch(css, /url\(|@import|@font-face|data:/)
  })
}

/** The custom properties of the first block that begins with this selector, added to those before. */
function tokens(css: string, selector: string): Map<string, string> {
  const values = new Map<string, string>()
  let from = css.indexOf(`${selector}{`)
  while (from !== -1) {
    const block = css.slice(from, css.indexOf('}', from))
    for (const [, name = '', value = ''] of block.matchAll(/(--[a-z0-9-]+):([^;]+)/g)) values.set(name, value.trim())
    from = css.indexOf(`${selector}{`, from + 1)
  }
  return values
}

/** Relative luminance of #rrggbb or hsl(h, s%, l%), WCAG 2.2. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = channels(color).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function channels(color: string): number[] {
  const hex = color.match(/^#(..)(..)(..)$/)
  if (hex) return hex.slice(1).map((part) => Number.parseInt(part, 16) / 255)
  const [h, s, l] = [...color.matchAll(/[\d.]+/g)].map(Number)
  if (!color.startsWith('hsl(') || h === undefined || s === undefined || l === undefined) throw new Error(color)
  const half = (s / 100) * Math.min(l / 100, 1 - l / 100)
  return [0, 8, 4].map((n) => {
    const k = (n + h / 30) % 12
    return l / 100 - half * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  })
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ['--paper', '--raised', '--sunk'] as const
const textPairs: readonly (readonly [string, string])[] = [
  ...grounds.flatMap((ground) => ['--ink', '--ink-soft', '--accent', '--loss'].map((ink) => [ink, ground] as const)),
  ['--on-accent', '--accent'],
  ['--on-accent', '--accent-strong'],
  ['--accent', '--accent-wash'],
  ['--accent-strong', '--accent-wash'],
  ['--ink', '--accent-wash'],
  ['--on-loss', '--loss'],
  ['--on-loss', '--loss-strong'],
  ...['stay', 'leave', 'loss'].map((meaning) => [`--${meaning}`, `--${meaning}-wash`] as const),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((tint) => [`--tint-${tint}-ink`, `--tint-${tint}`] as const),
]
const edgePairs: readonly (readonly [string, string])[] = grounds.flatMap((ground) =>
  ['--edge', '--focus', '--loss'].map((edge) => [edge, ground] as const),
)

for (const [theme, selector] of [
  ['light', ':root'],
  ['dark', '[data-bs-theme=dark]'],
] as const) {
  test(`${theme}: text reaches 4.5:1, borders of controls and focus 3:1`, async () => {
    const values = tokens(await readFile(sheets[1].target, 'utf8'), selector)
    const check = (pairs: typeof textPairs, least: number) => {
      for (const [front, back] of pairs) {
        const ratio = contrast(values.get(front) ?? '', values.get(back) ?? '')
        assert.ok(ratio >= least, `${front} on ${back}: ${ratio.toFixed(2)}`)
      }
    }
    check(textPairs, 4.5)
    check(edgePairs, 3)
  })
}

test('the device and the person get the same dark', async () => {
  const css = await readFile(sheets[1].target, 'utf8')
  const device = css.match(
    /@media\(prefers-color-scheme: ?dark\)\{:root:not\(\[data-bs-theme=light\]\)\{([^}]*)\}/,
  )?.[1]
  assert.ok(device?.includes('--paper'))
  assert.ok(css.includes(`[data-bs-theme=dark]{${device}}`))
})

test('E1: a character without a drawing has the same colour on its card as on the pages', async () => {
  const values = tokens(await readFile(sheets[1].target, 'utf8'), ':root')
  assert.equal(values.has(`--tint-${papers.length + 1}`), false)
  for (const [index, paper] of papers.entries()) assert.equal(values.get(`--tint-${index + 1}`), paper)
})
