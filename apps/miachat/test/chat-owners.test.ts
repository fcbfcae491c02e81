import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { tablesWith } from '../../../packages/auth/test/support/full-person.ts'
import { count as countRows } from '../../../packages/auth/test/support/sql.ts'
import { chatRoutes } from '../src/chat-routes.ts'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'
import { pixels, upload } from './support/pictures.ts'

let world: ChatWorld
let anna: Person
let eve: Person
const made = { character: '', personality: '', conversation: '', message: '' }

before(async () => {
  world = await chatWorld()
  anna = await world.person('anna')
  eve = await world.person('eve')
  made.personality = await anna.make('/personality', { name: 'Warm' })
  made.character = await anna.make('/characters', { name: 'Secret friend', personality_id: made.personality })
  made.conversation = await anna.make('/chat', { character_id: made.character })
  const said = await anna.send(`/chat/${made.conversation}/messages`, {
    json: { text: 'hello', client_key: 'k1234567' },
  })
  const answer = z.object({ message: z.object({ id: z.string() }) }).parse(await said.json())
  made.message = answer.message.id
})
after(() => world.close())

const nobody = '01890000-0000-7000-8000-000000000000'
const bodies: Readonly<Record<string, unknown>> = {
  '/characters/:id': { name: 'Mine now' },
  '/characters/:id/favourite': { favourite: true },
  '/personality/:id': { name: 'Mine now' },
  '/chat/:id/messages': { text: 'hi', client_key: 'k7654321' },
  '/chat/:id/rename': { title: 'Mine now' },
}

function idFor(path: string): string {
  if (path.startsWith('/characters')) return made.character
  return path.startsWith('/personality') ? made.personality : made.conversation
}

/** What is different in every answer: the number of the request and of the page's nonce. */
const same = (text: string): string => text.replace(/"request_id":"[^"]*"|<code>[^<]*<\/code>|nonce="[^"]*"/g, '')

/** Every address with an id in it, from the table itself, so that a new one is not forgotten. */
const rows = chatRoutes({
  db: {
    kind: 'sqlite',
    get read(): never {
      throw new Error('not asked')
    },
    plain: () => Promise.reject(new Error('not asked')),
    transaction: () => Promise.reject(new Error('not asked')),
    statement: () => ({ all: async () => [], first: async () => undefined }),
  },
  clock: Date.now,
}).filter(({ path }) => path.includes(':id'))

for (const { method, path } of rows) {
  test(`X2: ${method} ${path}: somebody else's id and an unknown one get the same 404`, async () => {
    const json = method === 'POST' ? { json: bodies[path] ?? {} } : { headers: { accept: 'application/json' } }
    const answers = await Promise.all(
      [idFor(path), nobody, 'x', "'--"].map(async (id) => {
        const response = await eve.send(path.replace(':id', id), { method, ...json })
        return [response.status, same((await response.text()).replaceAll(id, ''))]
      }),
    )
    assert.equal(answers[0]?.[0], 404)
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    if (method === 'GET') {
      const pages = await Promise.all([idFor(path), nobody].map((id) => eve.page(path.replace(':id', id), 404)))
      assert.equal(same((pages[0] ?? '').replaceAll(idFor(path), '')), same((pages[1] ?? '').replaceAll(nobody, '')))
    }
  })
}

test('X2: ids in bodies and queries', async () => {
  const cases: [string, unknown, number][] = [
    ['/chat', { character_id: made.character }, 404],
    ['/chat', { character_id: nobody }, 404],
    ['/chat', { example: 'nobody' }, 404],
    ['/characters', { name: 'Thief', personality_id: made.personality }, 422],
    ['/characters', { name: 'Thief', personality_id: nobody }, 422],
  ]
  for (const [path, json, status] of cases) {
    const response = await eve.send(path, { json })
    assert.equal(response.status, status, JSON.stringify(json))
    assert.doesNotMatch(await response.text(), /Secret friend|Warm/)
  }
  const preview = await eve.send('/personality/preview', { form: { name: 'x', id: made.personality } })
  assert.equal(preview.status, 404)
  const own = await eve.make('/characters', { name: 'Own' })
  const chat = await eve.make('/chat', { character_id: own })
  for (const id of [made.message, nobody]) assert.equal((await eve.get(`/chat/${chat}?before=${id}`)).status, 404, id)
  assert.doesNotMatch(await eve.page(`/chat?after=${made.conversation}`), /hello/)
})

test('X2: the database itself refuses a row that points at somebody else’s', async () => {
  const now = world.clock()
  const mine = await eve.make('/characters', { name: 'Mine' })
  const chat = await eve.make('/chat', { character_id: mine })
  const ofEve = { id: 'x1', owner_id: eve.id, created_at: now }
  const message = { ...ofEve, role: 'user', content: 'x', state: 'done', made_by: 'person' } as const
  const refused = [
    world.db.transaction((trx) =>
      trx
        .updateTable('characters')
        .set({ personality_id: made.personality })
        .where('id', '=', mine)
        .where('owner_id', '=', eve.id)
        .execute(),
    ),
    world.db.transaction((trx) =>
      trx
        .insertInto('conversations')
        .values({
          ...ofEve,
          character_id: made.character,
          character_version: 1,
          name: 'x',
          message_count: 0,
          last_message_at: now,
        })
        .execute(),
    ),
    world.db.transaction((trx) =>
      trx
        .insertInto('messages')
        .values({ ...message, conversation_id: made.conversation })
        .execute(),
    ),
    world.db.transaction((trx) =>
      trx
        .insertInto('messages')
        .values({ ...message, conversation_id: chat, parent_id: made.message })
        .execute(),
    ),
    world.db.transaction((trx) =>
      trx.updateTable('conversations').set({ active_leaf_id: made.message }).where('id', '=', chat).execute(),
    ),
    world.db.transaction((trx) =>
      trx
        .insertInto('messages')
        .values({ ...message, conversation_id: chat, content: null })
        .execute(),
    ),
  ]
  for (const result of await Promise.allSettled(refused)) {
    assert.equal(result.status, 'rejected')
    assert.match(String(result.reason), /constraint/i)
  }
})

test('nothing of this is open to a guest', async () => {
  const guest = await world.person('gustav')
  await guest.send('/auth/logout', { form: {} })
  for (const { method, path } of world.routes.filter((row) => !row.path.startsWith('/assets/'))) {
    const response = await guest.send(path.replace(':id', made.character).replace(':key', 'mia'), {
      method,
      ...(method === 'POST' ? { json: {} } : { headers: { accept: 'application/json' } }),
    })
    assert.equal(response.status, 401, `${method} ${path}`)
  }
})

test('ACC-01: a person who is removed leaves nothing behind in any table, and nobody else loses anything', async () => {
  const leaving = await world.person('leaving')
  const personality = await leaving.make('/personality', { name: 'P' })
  const character = await leaving.make('/characters', { name: 'C', tags: 'a', personality_id: personality })
  const chat = await leaving.make('/chat', { character_id: character })
  await leaving.send(`/chat/${chat}/messages`, { json: { text: 'x' } })
  assert.equal((await leaving.send('/settings/privacy', { json: { days: '90' } })).status, 200)
  assert.equal((await upload(leaving, await pixels(30, 30).png())).status, 303)
  // A table that is added with owners and that nobody fills here fails below.
  const names = await tablesWith(world, 'owner_id')
  assert.ok(names.length >= 7)
  const count = (name: string, owner: number) => countRows(world.auth, name, 'WHERE owner_id = ?', [owner])
  const before = await Promise.all(names.map((name) => count(name, anna.id)))
  for (const name of names) assert.ok((await count(name, leaving.id)) > 0, name)
  await world.removeUser(leaving.id)
  for (const name of names) assert.equal(await count(name, leaving.id), 0, name)
  assert.deepEqual(await Promise.all(names.map((name) => count(name, anna.id))), before)
})
