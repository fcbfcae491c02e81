import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { TAKEN_BACK_FOR } from '../src/conversations/conversations.ts'
import { FIRST_AFTER } from '../src/conversations/sweep-conversations.ts'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'

const DAY = 86_400_000

let world: ChatWorld
let anna: Person
let bert: Person
let mia: string
let other: string
before(async () => {
  world = await chatWorld()
  bert = await world.person('bert')
})
after(() => world.close())

let n = 0
beforeEach(async () => {
  anna = await world.person(`anna${++n}`)
  mia = await anna.make('/characters/examples/mia/copy', {})
  other = await anna.make('/characters', { name: 'Other' })
})

async function talk(person: Person, character: string, text = 'hello'): Promise<string> {
  const chat = await person.make('/chat', { character_id: character })
  assert.equal((await person.send(`/chat/${chat}/messages`, { json: { text } })).status, 200)
  return chat
}
async function signIn(person: Person, username: string): Promise<void> {
  const answer = await person.send('/auth/login', { json: { username, password: 'a walk by the river' } })
  assert.equal(answer.status, 200)
}
const status = async (chat: string) => (await anna.get(`/chat/${chat}`)).status
const rows = async () => {
  const found = await world.db.read.selectFrom('conversations').select('id').where('owner_id', '=', anna.id).execute()
  return found.map(({ id }) => id)
}

test('E3, X2: nobody deletes or takes back what is another’s', async () => {
  const chat = await talk(anna, mia)
  assert.equal((await bert.send(`/chat/${chat}/delete`, { json: {} })).status, 404)
  assert.equal((await bert.get(`/chat/delete?character=${mia}`)).status, 404)
  const theirs = await bert.send('/chat/delete', { json: { character_id: mia } })
  assert.deepEqual(await theirs.json(), { success: true, deleted: 0 })
  await anna.send(`/chat/${chat}/delete`, { json: {} })
  assert.deepEqual(await (await bert.send('/chat/undelete', { json: {} })).json(), { success: true, restored: 0 })
  assert.equal(await status(chat), 404)
})

test('E3: a deletion of everything says so: an empty one is refused', async () => {
  await talk(anna, mia)
  for (const json of [{}, { all: true }, { all: 'no' }, { character_id: 5 }]) {
    const { status } = await anna.send('/chat/delete', { json })
    assert.ok(status === 400 || status === 422, `${status}`)
  }
  assert.equal((await rows()).length, 1)
})

test('E3: one conversation is away at once, comes back whole for a minute, and then is gone', async () => {
  const chat = await talk(anna, mia, 'to be kept after all')
  const gone = await anna.send(`/chat/${chat}/delete`, { form: {} })
  assert.equal(gone.headers.get('location'), '/chat?done=deleted')
  assert.equal(await status(chat), 404)
  assert.equal((await anna.send(`/chat/${chat}/messages`, { json: { text: 'more' } })).status, 404)
  assert.equal((await anna.send(`/chat/${chat}/rename`, { json: { title: 'x' } })).status, 404)
  assert.doesNotMatch(await anna.page('/'), /to be kept/)
  const list = await anna.page('/chat?done=deleted')
  assert.doesNotMatch(list, /to be kept/)
  assert.match(list, /action="\/chat\/undelete"/)
  await world.auth.sweep()
  const back = await anna.send('/chat/undelete', { form: {} })
  assert.equal(back.headers.get('location'), '/chat?done=restored')
  assert.match(await anna.page(`/chat/${chat}`), /to be kept after all/)
  await anna.send(`/chat/${chat}/delete`, { form: {} })
  world.pass(TAKEN_BACK_FOR + 1)
  assert.doesNotMatch(await anna.page('/chat?done=deleted'), /undelete/)
  const late = await anna.send('/chat/undelete', { form: {} })
  assert.equal(late.headers.get('location'), '/chat?done=late')
  assert.match(await anna.page('/chat?done=late'), /too late/)
  await world.auth.sweep()
  assert.deepEqual(await rows(), [])
})

test('E3: all of a character, and all, each asked first and taken back together', async () => {
  const one = await talk(anna, mia)
  const two = await talk(anna, other)
  assert.match(await anna.page(`/characters/${other}`), new RegExp(`/chat/delete\\?character=${other}`))
  assert.match(await anna.page(`/chat/delete?character=${other}`), /Delete 1 conversation</)
  assert.equal((await anna.send('/chat/delete', { form: { character_id: other } })).status, 303)
  assert.deepEqual([await status(one), await status(two)], [200, 404])
  assert.match(await anna.page(`/chat/delete?character=${other}`), /Nothing to delete/)
  const three = await talk(anna, other, 'another')
  assert.match(await anna.page('/chat/delete'), /Delete 2 conversations</)
  world.pass(5)
  const all = await anna.send('/chat/delete', { json: { all: 'yes' } })
  assert.deepEqual(await all.json(), { success: true, deleted: 2 })
  assert.deepEqual(await (await anna.send('/chat/undelete', { json: {} })).json(), { success: true, restored: 2 })
  assert.deepEqual([await status(one), await status(two), await status(three)], [200, 404, 200], 'only the last one')
  await anna.send('/chat/delete', { json: { all: 'yes' } })
  await world.sweepDeleted()
  assert.deepEqual(await rows(), [])
  assert.equal((await anna.get(`/characters/${mia}`)).status, 200, 'characters stay')
})

test('A6: conversations go when they are older than their owner keeps them, an hour after the choice at the earliest', async () => {
  const old = await talk(anna, mia)
  const bertsCharacter = await bert.make('/characters', { name: 'Kept' })
  const kept = await talk(bert, bertsCharacter)
  world.pass(8 * DAY)
  await signIn(anna, `anna${n}`)
  const fresh = await talk(anna, other)
  for (const days of ['0', '2', '-1', 'x', '']) {
    assert.ok((await anna.send('/settings/privacy', { json: { days } })).status >= 400, days)
  }
  assert.equal((await anna.send('/settings/privacy', { form: { days: '7' } })).status, 303)
  const page = await anna.page('/settings/privacy?done=saved')
  assert.match(page, /value="7" selected/)
  assert.match(page, /1 conversation is older and will be deleted/)
  await world.auth.sweep()
  assert.equal(await status(old), 200, 'there is an hour to think again')
  await anna.send('/settings/privacy', { form: { days: 'ever' } })
  world.pass(FIRST_AFTER + 1)
  await world.auth.sweep()
  await signIn(anna, `anna${n}`)
  assert.equal(await status(old), 200, 'and it was thought again')
  await anna.send('/settings/privacy', { json: { days: '7' } })
  world.pass(FIRST_AFTER + 1)
  await world.auth.sweep()
  assert.deepEqual(await rows(), [fresh])
  await signIn(bert, 'bert')
  assert.equal((await bert.get(`/chat/${kept}`)).status, 200, 'others keep theirs')
  await world.removeUser(anna.id)
  const left = await world.db.read.selectFrom('keeping').selectAll().where('owner_id', '=', anna.id).execute()
  assert.deepEqual(left, [])
})
