import assert from 'node:assert/strict'
import { test } from 'node:test'
import { days } from '@miachat/auth'
import { allTables, fullPerson, fullWorld, tablesWith, textOf } from './support/full-person.ts'
import { codeOf } from './support/second-factor.ts'
import { count } from './support/sql.ts'
import { signedUp } from './support/test-auth.ts'

/** What keeps a row of a person’s number, each with the reason. */
const stays: Readonly<Record<string, string>> = {
  audit_events: 'the log, by a number that nobody gets again',
  audit_chains: 'a sum over that log',
  account_changes: 'tells other processes for a while to forget what they hold',
  imported_users: 'a keyed hash: a second import must not bring the person back',
}

/** Rows that hang on a row of the person and not on the person. */
const below: Readonly<Record<string, string>> = {
  refresh_tokens: 'token_families',
  export_chunks: 'exports',
}

test('ACC-01: of somebody who had a row in every table, nothing is left after the deletion but the log, by a number', async () => {
  const full = await fullWorld()
  const { world, box } = full
  try {
    await signedUp(world, 'stays-here')
    const person = await fullPerson(full, 'leaver')
    const { userId, username, browser, ids, secrets, authenticator } = person
    const own = await tablesWith(world, 'user_id')
    for (const table of own)
      assert.ok((await count(world.auth, table, 'WHERE user_id = ?', [userId])) > 0, `before: ${table}`)
    for (const table of Object.keys(below)) assert.ok((await count(world.auth, table)) > 0, `before: ${table}`)
    assert.deepEqual(await tablesWith(world, 'family_id'), ['refresh_tokens'])
    assert.deepEqual(await tablesWith(world, 'export_id'), ['export_chunks'])

    world.pass(60_000)
    const confirm = await browser.send('/settings/confirm', { json: { code: codeOf(world, authenticator.secret) } })
    assert.equal(confirm.status, 200)
    assert.equal((await browser.send('/settings/delete', { json: { username } })).status, 200)
    await box.letters(world)
    world.pass(days(7))
    await world.auth.sweep()

    assert.equal(await count(world.auth, 'users', 'WHERE id = ?', [userId]), 0)
    const left: string[] = []
    for (const table of own) {
      if ((await count(world.auth, table, 'WHERE user_id = ?', [userId])) > 0) left.push(table)
    }
    assert.deepEqual(left.sort(), Object.keys(stays).sort())
    for (const [table, parent] of Object.entries(below))
      assert.equal(await count(world.auth, table), 0, `${table} of ${parent}`)

    // And by words: names, addresses, what things were called, who the person is elsewhere, and every id and secret.
    const words = [
      'leaver',
      'Leaver',
      ...Object.values(ids),
      ...Object.values(secrets).filter((secret) => secret.length > 8),
    ]
    const kept: string[] = []
    for (const table of await allTables(world)) {
      const text = await textOf(world, table)
      for (const word of words) if (text.includes(word)) kept.push(`${table} has ${word}`)
    }
    // The log names a session by a hash of it, as every line of it does.
    const known = [`audit_events has ${ids.session}`, `audit_events has ${ids.newcomer}`]
    assert.deepEqual(
      kept.filter((line) => !known.includes(line)),
      [],
    )

    const heir = await signedUp(world, 'leaver')
    assert.notEqual((await world.auth.admin.findUser('leaver'))?.id, userId)
    assert.doesNotMatch(await (await heir.get('/settings/activity')).text(), /Chrome on Windows/)
    assert.equal((await world.auth.admin.findUser('stays-here'))?.username, 'stays-here')
  } finally {
    await full.close()
  }
})
