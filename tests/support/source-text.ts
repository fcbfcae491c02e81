import { posix } from 'node:path'

/** A source file: its path from the repository's folder, with `/` between folders, and its text. */
export type SourceFile = { path: string; text: string }

/** One import or re-export. */
export type Import = {
  specifier: string
  line: number
  /** Types alone are erased: nothing is loaded, so they make no cycle. */
  typeOnly: boolean
  /** `await import()`: loaded later, so it makes no cycle either. */
  dynamic: boolean
  /** For a relative specifier the path that it leads to. */
  target?: string
}

const wordsBeforeRegex = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'else',
  'await',
  'yield',
])

/**
 * The text with comments and the insides of strings, templates and regular expressions blanked out; every other
 * character stays at its place. Code within a template's `${}` stays too.
 */
export function codeOnly(text: string): string {
  let out = ''
  let at = 0
  /** For every open `${` of a template, how many braces are open within it. */
  const templates: number[] = []
  const keep = (length: number) => {
    out += text.slice(at, at + length)
    at += length
  }
  const blank = (end: number) => {
    out += text.slice(at, end).replace(/[^\n]/g, ' ')
    at = end
  }
  /** Blanks up to `end`, keeps what stands there. */
  const inside = (end: number, closing: number) => {
    blank(Math.min(end, text.length))
    keep(closing)
  }
  const template = () => {
    const end = endOf(text, at, /`|\$\{/)
    const opens = text.startsWith('${', end)
    inside(end, opens ? 2 : 1)
    if (opens) templates.push(0)
  }

  while (at < text.length) {
    const character = text.charAt(at)
    const depth = templates.at(-1)
    if (text.startsWith('//', at)) blank(endOf(text, at, /(?=\n)/))
    else if (text.startsWith('/*', at)) blank(endOf(text, at + 2, /\*\//) + 2)
    else if (character === '"' || character === "'") {
      keep(1)
      inside(endOf(text, at, new RegExp(`${character}|\n`)), 1)
    } else if (character === '`') {
      keep(1)
      template()
    } else if (character === '/' && startsRegex(out)) {
      keep(1)
      inside(endOfRegex(text, at), 1)
    } else if (depth !== undefined && character === '}' && depth === 0) {
      templates.pop()
      keep(1)
      template()
    } else {
      if (depth !== undefined && character === '{') templates[templates.length - 1] = depth + 1
      if (depth !== undefined && character === '}') templates[templates.length - 1] = depth - 1
      keep(1)
    }
  }
  return out
}

/** The index at or after `from` where `pattern` matches and no backslash stands before it; else the end. */
function endOf(text: string, from: number, pattern: RegExp): number {
  const search = new RegExp(`\\\\[^]|(?<end>${pattern.source})`, 'g')
  search.lastIndex = from
  for (let match = search.exec(text); match; match = search.exec(text)) {
    if (match.groups?.['end'] !== undefined) return match.index
  }
  return text.length
}

function endOfRegex(text: string, from: number): number {
  let inClass = false
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\n') return at
    if (character === '\\') at++
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '/' && !inClass) return at
  }
  return text.length
}

// A slash divides after a value and begins a regular expression anywhere else.
function startsRegex(before: string): boolean {
  const end = before.trimEnd()
  if (end === '' || /[(,=:[!&|?{};+\-*%<>~^]$/.test(end)) return true
  return wordsBeforeRegex.has(/[\w$]+$/.exec(end)?.[0] ?? '')
}

const importPatterns: readonly { pattern: RegExp; dynamic: boolean }[] = [
  { pattern: /(?<=^|[;}\n])[ \t]*(?:import|export)\b(?<names>[\w$*{},\s]*?)\bfrom\s*(?=['"])/g, dynamic: false },
  { pattern: /(?<=^|[;}\n])[ \t]*import\s*(?=['"])/g, dynamic: false },
  { pattern: /\bimport\s*\(\s*(?=['"])/g, dynamic: true },
]

/** Every import, re-export and `import()` of a file, in the order of its lines. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const code = codeOnly(text)
  const found = importPatterns.flatMap(({ pattern, dynamic }) =>
    [...code.matchAll(pattern)].map((match): Import => {
      const quote = match.index + match[0].length
      const specifier = text.slice(quote + 1, text.indexOf(text.charAt(quote), quote + 1))
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
      return {
        specifier,
        line: lineAt(text, quote),
        typeOnly: /^\s*type\s+[{*\w$]/.test(match.groups?.['names'] ?? ''),
        dynamic,
        ...(target === undefined ? {} : { target }),
      }
    }),
  )
  return found.sort((a, b) => a.line - b.line)
}

/** The number of the line that holds the character at `index`, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
