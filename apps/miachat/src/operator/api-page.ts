import type { Access, Route } from '@miachat/auth'
import { type Html, html, section } from '@miachat/auth/views'
import { z } from 'zod'
import { pageHead } from '../views/pieces.ts'

const who: Readonly<Record<Access, string>> = {
  session: 'signed in',
  admin: 'signed in as an administrator',
  bearer: 'access token',
  either: 'access token, or signed in',
  guest: 'anybody',
  open: 'anybody',
}

const groups: readonly { readonly id: string; readonly title: string; readonly holds: (path: string) => boolean }[] = [
  { id: 'tokens', title: 'Tokens, for programs', holds: (path) => path.startsWith('/auth/api/') },
  { id: 'sign-in', title: 'Signing in', holds: (path) => path.startsWith('/auth/') },
  { id: 'account', title: 'One’s own account', holds: (path) => path.startsWith('/settings') },
  { id: 'administration', title: 'Administration', holds: (path) => path.startsWith('/admin') },
  {
    id: 'operators',
    title: 'For operators',
    holds: (path) =>
      /^\/(healthz|readyz|metrics|openapi\.json|docs|robots\.txt|favicon\.ico|offline|offline-worker\.js)$/.test(path),
  },
  { id: 'talking', title: 'Talking', holds: () => true },
]

/** Every address in words: who may use it, what it takes, what it answers. */
export function apiPage(rows: readonly Route[]): Html {
  const shown = rows.filter((row) => !row.path.includes('/assets/'))
  const groupOf = (row: Route) => groups.find((group) => group.holds(row.path))
  return html`${pageHead({
    title: 'API',
    lead: html`What this server answers. Programs read the same as <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).`,
  })}
${groups.map((group) =>
  section({
    id: group.id,
    title: group.title,
    body: html`${shown.filter((row) => groupOf(row) === group).map(operation)}`,
  }),
)}`
}

function operation(row: Route): Html {
  const answers = Object.entries(row.answers)
  return html`<details class="api-row"><summary><code>${row.method} ${row.path}</code> <span class="soft">${row.summary}</span></summary>
<dl class="facts">
<dt>Who</dt><dd>${who[row.access]}</dd>
${row.body !== null && html`<dt>Takes</dt><dd><pre tabindex="0"><code>${fieldsOf(row.body)}</code></pre></dd>`}
${answers.map(
  ([status, answer]) =>
    html`<dt>${status}</dt><dd>${typeof answer === 'string' ? answer : html`<pre tabindex="0"><code>${fieldsOf(answer)}</code></pre>`}</dd>`,
)}
</dl></details>`
}

/** A schema as people read it: a field a line with its kind, `?` where it may be left away. */
export function fieldsOf(schema: z.ZodType): string {
  return linesOf(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }), '').join('\n')
}

type JsonSchema = z.core.JSONSchema.BaseSchema

function linesOf(schema: JsonSchema, indent: string): string[] {
  const several = (schema.anyOf ?? schema.oneOf ?? []).filter((one) => typeof one !== 'boolean')
  if (several.some(({ properties }) => properties)) {
    return several.flatMap((one, index) => [...(index > 0 ? [`${indent}or`] : []), ...linesOf(one, indent)])
  }
  if (!schema.properties) return [`${indent}${kindOf(schema)}`]
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return []
    const optional = schema.required?.includes(name) === true ? '' : '?'
    const inner = innerOf(property)
    const line = `${indent}${name}${optional}: ${kindOf(property)}`
    return inner?.properties ? [line, ...linesOf(inner, `${indent}  `)] : [line]
  })
}

function innerOf(schema: JsonSchema): JsonSchema | null {
  if (schema.properties) return schema
  const { items } = schema
  return typeof items === 'object' && !Array.isArray(items) ? items : null
}

function kindOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const several = schema.anyOf ?? schema.oneOf
  if (several) return several.map((one) => (typeof one === 'boolean' ? 'anything' : kindOf(one))).join(' | ')
  if (schema.type === 'array') return `list of ${kindOf(innerOf(schema) ?? {})}`
  return schema.type === undefined ? 'anything' : [schema.type].flat().join(' | ')
}
