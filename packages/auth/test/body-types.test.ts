import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openApiDocument } from '@miachat/auth'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type { Browser } from './support/browser.ts'
import { baseUrl, signedUp, type TestAuth, testAuth } from './support/test-auth.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly minLength?: number
  readonly maxLength?: number
}

interface Operation {
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
}

/** Values of every JSON type, odd ones among them. */
const anyValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, '', '\u0000', '\ud800', '__proto__', [], [''], {}, [[]]),
  fc.constantFrom<unknown>({ toString: 'x' }, { $ne: '' }, { length: 5 }, ['a', 'b'], 'x'.repeat(5000)),
  fc.jsonValue({ maxDepth: 3 }),
)

/** What fits a schema, as far as the schemas of our bodies go. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  // Where anything may stand.
  if (Object.keys(schema).length === 0) return anyValue
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fitting))
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'integer') return fc.integer()
  if (schema.type === 'array') return fc.array(fitting(schema.items ?? {}), { maxLength: 3 })
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, fitting(field)] as const)
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] })
  }
  assert.equal(
    schema.type,
    'string',
    `a body has a field of a type that this test does not know: ${JSON.stringify(schema)}`,
  )
  const { minLength = 0, maxLength = 60 } = schema
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40) })
}

/** A fitting body with one field, or several, or the whole replaced by anything. */
function bodies(schema: Schema): fc.Arbitrary<unknown> {
  const names = Object.keys(schema.properties ?? {})
  if (names.length === 0) return anyValue
  const spoil = fc.dictionary(fc.constantFrom(...names, 'more', 'id'), anyValue, { maxKeys: names.length })
  const spoilt = fc.tuple(fitting(schema), spoil).map(([body, more]) => ({ ...Object(body), ...more }))
  return fc.oneof(
    { weight: 1, arbitrary: fitting(schema) },
    { weight: 6, arbitrary: spoilt },
    { weight: 1, arbitrary: anyValue },
  )
}

describe('bodies of every kind', () => {
  let world: TestAuth
  let person: Browser
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  before(async () => {
    const huge = 1e9
    world = await testAuth({
      limits: {
        perAddress: huge,
        perAddressAndAccount: huge,
        perAccountInARow: huge,
        perKnownDevice: huge,
        passwordChanges: huge,
        registrations: huge,
      },
    })
    person = await signedUp(world)
  })
  after(() => world.close())

  async function operations(): Promise<[string, Schema][]> {
    const document: { paths?: Record<string, Record<string, Operation>> } = openApiDocument(
      world.auth.routes,
      { title: 't', version: '1', description: 'd', serverUrl: baseUrl },
      'mia_session',
    )
    return Object.entries(document.paths ?? {}).flatMap(([path, methods]) => {
      const schema = methods['post']?.requestBody?.content['application/json'].schema
      return schema ? [[path.replace(/\{\w+\}/g, 'x'), schema] as [string, Schema]] : []
    })
  }

  /** Sends as a program, so that every answer is a problem document or JSON, and is checked against the document. */
  async function send(path: string, body: unknown): Promise<number> {
    const response = await person.send(path, { json: body, headers: { accept: 'application/json' } })
    await response.arrayBuffer()
    return response.status
  }

  test('REG-07, ERR-01: no body makes a 5xx, and what the document calls wrong is refused with 4xx, on every address', async () => {
    const all = await operations()
    assert.ok(all.length >= 8, `only ${all.length} addresses with a body`)
    for (const [path, schema] of all) {
      const fits = ajv.compile(schema)
      await fc.assert(
        fc.asyncProperty(bodies(schema), async (body) => {
          const status = await send(path, body)
          assert.ok(status < 500, `${path} answered ${status} to ${JSON.stringify(body)}`)
          if (!fits(body)) assert.ok(status >= 400, `${path} took ${JSON.stringify(body)} with ${status}`)
        }),
        { numRuns: 60 },
      )
      // Whoever was signed out by one of them signs in again.
      if ((await person.get('/settings')).status !== 200) {
        await person.send('/auth/login', { json: { username: 'anna', password: 'a walk by the river' } })
      }
    }
  })

  const wrong: [string, unknown][] = [
    ['null', null],
    ['a number', 1],
    ['true', true],
    ['a list', ['a walk by the river']],
    ['a list with the right string', [['x']]],
    ['an object', { toString: 'a walk by the river' }],
    ['an operator of a query language', { $gt: '' }],
  ]
  test('REG-07, PW-07: a field that is no string is told as malformed, whichever it is', async () => {
    const whole: Record<string, Record<string, string>> = {
      '/auth/register': { username: 'typed', email: 'typed@example.org', password: 'a walk by the river' },
      '/auth/login': { username: 'anna', password: 'a walk by the river' },
      '/auth/api/login': { username: 'anna', password: 'a walk by the river' },
      '/auth/api/refresh': { refresh_token: 'x'.repeat(43) },
      '/auth/api/logout': { refresh_token: 'x'.repeat(43) },
      '/auth/forgot': { email: 'anna@example.org', token: 'x' },
      '/auth/reset': { token: 'x'.repeat(43), new_password: 'a walk by the sea' },
      '/settings/password': { current_password: 'a walk by the river', new_password: 'a walk by the sea' },
      '/settings/profile': { display_name: 'Anna' },
    }
    for (const [path, body] of Object.entries(whole)) {
      for (const field of Object.keys(body)) {
        for (const [what, value] of wrong) {
          assert.equal(await send(path, { ...body, [field]: value }), 400, `${path}: ${field} as ${what}`)
        }
      }
    }
    assert.equal(await world.auth.admin.findUser('typed'), null)
  })

  test('ERR-01: a body that is no object is malformed', async () => {
    for (const body of [null, [], 'text', 1, true, [{ username: 'anna' }]]) {
      assert.equal(await send('/auth/login', body), 400, JSON.stringify(body))
    }
  })

  test('a display name holds no line ends and no NUL, on either database', async () => {
    for (const name of ['a\u0000b', 'a\nb', 'a\u001b[31mb', 'x'.repeat(81)]) {
      assert.equal(await send('/settings/profile', { display_name: name }), 422, JSON.stringify(name))
    }
    assert.equal(await send('/settings/profile', { display_name: '  Anna Karénina 🙂 ' }), 200)
    assert.equal((await world.auth.admin.findUser('anna@example.org'))?.displayName, 'Anna Karénina 🙂')
  })
})
