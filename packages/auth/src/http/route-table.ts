import type { Route } from './route.ts'

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** What the table says of a path: a row, other methods that it takes, or nothing. */
export type Lookup =
  | { readonly kind: 'found'; readonly match: Match }
  | { readonly kind: 'methods'; readonly allow: string }
  | null

const noParams: Readonly<Record<string, string>> = Object.freeze({})

interface Pattern {
  readonly segments: readonly string[]
  readonly routes: Map<string, Route>
}

/** Finds rows by exact path, or by segments where a path has parameters. Throws for a row that is there twice. */
export function createRouteTable(rows: readonly Route[]) {
  const exact = new Map<string, Map<string, Route>>()
  const patterns = new Map<string, Pattern>()
  for (const row of rows) {
    const methods = methodsFor(row.path)
    if (methods.has(row.method)) throw new Error(`${row.method} ${row.path} is in the table twice.`)
    methods.set(row.method, row)
  }

  function methodsFor(path: string): Map<string, Route> {
    if (!path.includes(':')) {
      const known = exact.get(path) ?? new Map<string, Route>()
      exact.set(path, known)
      return known
    }
    const known = patterns.get(path) ?? { segments: path.split('/'), routes: new Map<string, Route>() }
    patterns.set(path, known)
    return known.routes
  }

  function find(path: string): { routes: Map<string, Route>; params: Readonly<Record<string, string>> } | null {
    const routes = exact.get(path)
    if (routes) return { routes, params: noParams }
    const parts = path.split('/')
    for (const pattern of patterns.values()) {
      const params = fit(pattern.segments, parts)
      if (params) return { routes: pattern.routes, params }
    }
    return null
  }

  return function lookup(method: string, path: string): Lookup {
    const found = find(path)
    if (!found) return null
    const route = found.routes.get(method === 'HEAD' ? 'GET' : method)
    if (route) return { kind: 'found', match: { route, params: found.params } }
    const allow = [...found.routes.keys(), ...(found.routes.has('GET') ? ['HEAD'] : [])].sort().join(', ')
    return { kind: 'methods', allow }
  }
}

function fit(segments: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (segments.length !== parts.length) return null
  const params: Record<string, string> = Object.create(null)
  for (const [i, segment] of segments.entries()) {
    const part = parts[i] ?? ''
    if (segment.startsWith(':')) {
      if (part === '' || part.includes('%')) return null
      params[segment.slice(1)] = part
    } else if (segment !== part) return null
  }
  return params
}
