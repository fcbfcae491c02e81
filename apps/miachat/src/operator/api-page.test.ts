import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { fieldsOf } from './api-page.ts'

test('a body of several forms shows the fields of each', () => {
  const body = z.union([z.object({ character_id: z.string() }), z.object({ example: z.string().optional() })])
  assert.equal(fieldsOf(body), 'character_id: string\nor\nexample?: string')
})

test('a choice of plain values stays on one line', () => {
  assert.equal(fieldsOf(z.object({ on: z.union([z.boolean(), z.enum(['0', '1'])]) })), 'on: boolean | "0" | "1"')
})
