import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ChainLink, chainHash, createChainWalk } from './chain.ts'

const event = (user_id: number, at: number) => ({
  at,
  event: 'sign_in',
  result: 'ok',
  user_id,
  actor: null,
  subject: null,
  address: '203.0.113.9',
  user_agent: 'curl/8',
  request_id: `r-${at}`,
  session: null,
  detail: null,
})

/** The rows of some accounts, with what is kept of the end of each. */
function logs(lengths: readonly number[]) {
  const ends = new Map<number, Uint8Array>()
  let id = 0
  const rows = lengths.flatMap((length, user) =>
    Array.from({ length }, (_, n): ChainLink => {
      const previous_hash = ends.get(user) ?? new Uint8Array()
      const told = event(user, n)
      const hash = chainHash(previous_hash, told)
      ends.set(user, hash)
      return { ...told, id: ++id, previous_hash, hash }
    }),
  )
  return { rows, ends }
}

async function broken(rows: readonly ChainLink[], ends: ReadonlyMap<number, Uint8Array>): Promise<number[]> {
  const walk = createChainWalk(async (user) => ends.get(user) ?? null)
  for (const row of rows) await walk.step(row)
  return walk.end()
}

const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })

test('AUD-04: logs as they were written fit, also when their oldest rows were swept', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(5), async (all, swept) => {
      const { rows, ends } = logs(all)
      assert.deepEqual(await broken(rows, ends), [])
      const left = rows.filter(({ at, user_id }) => at >= swept && (all[user_id ?? 0] ?? 0) > swept)
      assert.deepEqual(await broken(left, ends), [])
    }),
  )
})

test('AUD-04: a row that was changed, taken out or put in breaks the log of its account, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(), fc.constantFrom('change', 'take', 'put', 'swap'), async (all, where, how) => {
      const { rows, ends } = logs(all.map((length) => length + 1))
      const at = where % rows.length
      const row = rows[at]
      assert.ok(row)
      const next = rows[at + 1]
      if (how === 'change') rows[at] = { ...row, address: '198.51.100.1' }
      if (how === 'put') rows.splice(at, 0, { ...row, event: 'sign_out' })
      // The oldest row may have been swept, so taking it out alone is no break.
      if (how === 'take' && row.at > 0) rows.splice(at, 1)
      if (how === 'swap' && next?.user_id === row.user_id) rows.splice(at, 2, next, row)
      const untouched = (how === 'take' && row.at === 0) || (how === 'swap' && next?.user_id !== row.user_id)
      assert.deepEqual(await broken(rows, ends), untouched ? [] : [row.user_id])
    }),
  )
})
