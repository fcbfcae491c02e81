import assert from 'node:assert/strict'
import type { Fetch } from '@miachat/auth'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'

/** An answer as a client got it. */
export interface Answer {
  readonly method: string
  /** The path without the query string. */
  readonly path: string
  readonly status: number
  readonly type: string
  readonly body: unknown
}

type Content = Record<string, unknown>
const documentShape = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
      }),
    ),
  ),
  'x-error-codes': z.record(z.string(), z.number()),
})
const problemShape = z.looseObject({ code: z.string(), status: z.number() })

/** Throws for every JSON answer that is not what the OpenAPI document says: status, kind of content, fields. */
export function answersOf(document: unknown): (answer: Answer) => void {
  const { paths, 'x-error-codes': codes } = documentShape.parse(document)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ ...z.looseObject({}).parse(document) }, 'api')
  const patterns = Object.keys(paths).map((path) => ({ path, pattern: patternOf(path) }))

  /** Where the document says what this answer holds. An address or method that it does not know has problems only. */
  function placeOf({ method, path, status, type }: Answer): string | null {
    const known = paths[path] ? path : patterns.find(({ pattern }) => pattern.test(path))?.path
    const operation = known === undefined ? undefined : paths[known]?.[method.toLowerCase()]
    if (known === undefined || !operation) return type === problemType ? 'components/schemas/Problem' : null
    const answer = operation.responses[status] ? String(status) : 'default'
    const content: Content = operation.responses[answer]?.content ?? {}
    const kind = type.split(';')[0] ?? ''
    if (content[kind] === undefined) return null
    return ['paths', known, method.toLowerCase(), 'responses', answer, 'content', kind, 'schema'].map(escaped).join('/')
  }

  return (answer) => {
    const what = `${answer.method} ${answer.path} ${answer.status} ${answer.type}`
    assert.ok([problemType, 'application/json; charset=utf-8'].includes(answer.type), `HDR-02: ${what}`)
    const place = placeOf(answer)
    const validate = place === null ? undefined : ajv.getSchema(`api#/${place}`)
    assert.ok(validate, `the API document does not know ${what}`)
    assert.ok(validate(answer.body), `${what}: ${JSON.stringify(validate.errors)} ${JSON.stringify(answer.body)}`)
    if (answer.type !== problemType) return
    const { code, status } = problemShape.parse(answer.body)
    assert.deepEqual([status, codes[code]], [answer.status, answer.status], `${what}: ${code}`)
  }
}

/** Wraps `fetch`: whatever is JSON must be what the document says, which is made or fetched when it is first needed. */
export function checkedFetch(fetch: Fetch, document: () => unknown): Fetch {
  let check: Promise<(answer: Answer) => void> | null = null
  return async (request, peer) => {
    const response = await fetch(request, peer)
    const type = response.headers.get('content-type') ?? ''
    if (!/[/+]json\b/.test(type) || request.method === 'HEAD') return response
    check ??= Promise.resolve(document()).then(answersOf)
    const { method, url } = request
    const body: unknown = await response.clone().json()
    const answered = await check
    answered({ method, path: new URL(url).pathname, status: response.status, type, body })
    return response
  }
}

const problemType = 'application/problem+json; charset=utf-8'

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)

/** One step of a JSON pointer within a URL. */
const escaped = (step: string): string => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
