import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApiDocument, route } from '@miachat/auth'
import { z } from 'zod'
import { type Answer, answersOf } from './check-answers.ts'

const rows = [
  route({
    method: 'GET',
    path: '/things/:id',
    summary: 'One thing.',
    answers: { 200: z.object({ name: z.string() }).strict(), 404: 'No such thing.' },
    handle: (exchange) => exchange.json({}),
  }),
]
const check = answersOf(openApiDocument(rows, { title: 't', version: '1', description: 'd', serverUrl: '' }, 'c'))
const thing: Answer = {
  method: 'GET',
  path: '/things/7',
  status: 200,
  type: 'application/json; charset=utf-8',
  body: { name: 'a' },
}
const problem: Answer = {
  ...thing,
  status: 404,
  type: 'application/problem+json; charset=utf-8',
  body: {
    type: 'about:blank',
    title: 't',
    status: 404,
    detail: 'd',
    code: 'not_found',
    request_id: 'r',
    success: false,
  },
}

test('An answer that the document describes passes', () => {
  check(thing)
  check(problem)
  check({ ...problem, path: '/nothing/here' })
  check({ ...problem, status: 401, body: { ...Object(problem.body), status: 401, code: 'not_signed_in' } })
})

test('An answer that the document does not describe is found', () => {
  const wrong: Record<string, Answer> = {
    'a field more': { ...thing, body: { name: 'a', hash: 'b' } },
    'a field less': { ...thing, body: {} },
    'another status': { ...thing, status: 201 },
    'another method': { ...thing, method: 'POST' },
    'an address that is nowhere': { ...thing, path: '/other' },
    'no charset': { ...thing, type: 'application/json' },
    'a problem without its charset': { ...problem, type: 'application/problem+json' },
    'a problem as plain JSON': { ...problem, type: thing.type },
    'a problem with 200': { ...problem, status: 200 },
    'a problem that says another status': { ...problem, body: { ...Object(problem.body), status: 403 } },
    'a problem whose code has another status': { ...problem, body: { ...Object(problem.body), code: 'forbidden' } },
    'a problem whose code nobody knows': { ...problem, body: { ...Object(problem.body), code: 'odd' } },
    'a problem with a field more': { ...problem, body: { ...Object(problem.body), stack: 's' } },
  }
  for (const [what, answer] of Object.entries(wrong)) assert.throws(() => check(answer), what)
})
