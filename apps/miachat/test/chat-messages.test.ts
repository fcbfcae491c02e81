import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'

let world: ChatWorld
let anna: Person
let mia: string
before(async () => {
  world = await chatWorld()
  anna = await world.person('anna')
  mia = await anna.make('/characters/examples/mia/copy', {})
})
after(() => world.close())

const exchanged = z.object({
  message: z.object({ id: z.string(), text: z.string() }).loose(),
  reply: z.object({ id: z.string(), text: z.string(), made_by: z.string() }).loose(),
})

async function say(chat: string, text: string, client_key?: string): Promise<z.infer<typeof exchanged>> {
  const response = await anna.send(`/chat/${chat}/messages`, { json: { text, client_key } })
  assert.equal(response.status, 200, await response.clone().text())
  return exchanged.parse(await response.json())
}

const rowsOf = (chat: string) =>
  world.db.read.selectFrom('messages').selectAll().where('conversation_id', '=', chat).orderBy('rid').execute()
const conversation = (chat: string) =>
  world.db.read.selectFrom('conversations').selectAll().where('id', '=', chat).executeTakeFirstOrThrow()

/** What must hold of every conversation (ux.md §3.2). */
async function checkTree(chat: string): Promise<void> {
  const rows = await rowsOf(chat)
  const { active_leaf_id, message_count } = await conversation(chat)
  const byId = new Map(rows.map((row) => [row.id, row]))
  assert.equal(message_count, rows.length)
  assert.ok(active_leaf_id === null ? rows.length === 0 : byId.has(active_leaf_id))
  for (const row of rows) {
    const parent = row.parent_id === null ? undefined : byId.get(row.parent_id)
    assert.equal(parent === undefined, row.parent_id === null, 'a parent is in the same conversation')
    if (row.role === 'assistant') assert.notEqual(parent?.role, 'assistant')
    const seen = new Set<string>()
    for (let at: string | null = row.id; at !== null; at = byId.get(at)?.parent_id ?? null) {
      assert.ok(!seen.has(at), 'no circle')
      seen.add(at)
    }
  }
}

describe('what is refused', () => {
  const refused: [string, Record<string, unknown>, number][] = [
    ['nothing', {}, 422],
    ['blanks', { text: ' \n\t ' }, 422],
    ['a text of 8,001 characters', { text: '🐢'.repeat(8001) }, 422],
    ['a number', { text: 5 }, 400],
    ['a list', { text: ['x'] }, 400],
    ['half a character', { text: '\ud83d' }, 400],
    ['a short key', { text: 'x', client_key: 'abc' }, 422],
    ['a key with other signs', { text: 'x', client_key: "abcdefgh'; --" }, 422],
  ]
  for (const [what, json, status] of refused) {
    test(`${what}: ${status}, and nothing is stored`, async () => {
      const chat = await anna.make('/chat', { character_id: mia })
      assert.equal((await anna.send(`/chat/${chat}/messages`, { json })).status, status)
      assert.equal((await rowsOf(chat)).length, 1)
    })
  }

  test('X5: a form that was refused is shown again with what was typed and the error', async () => {
    const chat = await anna.make('/chat', { character_id: mia })
    const text = `<b>${'x'.repeat(8000)}`
    const response = await anna.send(`/chat/${chat}/messages`, { form: { text, client_key: 'k1234567' } })
    assert.equal(response.status, 422)
    const page = await response.text()
    assert.match(page, /<title>Error: /)
    assert.match(page, /Use at most 8,000 characters\./)
    assert.ok(page.includes(`&lt;b&gt;${'x'.repeat(8000)}</textarea>`))
  })

  test('CSR-01: another site sends nothing', async () => {
    const chat = await anna.make('/chat', { character_id: mia })
    const headers = { origin: 'https://evil.example' }
    assert.equal((await anna.send(`/chat/${chat}/messages`, { form: { text: 'x' }, headers })).status, 403)
    assert.equal((await rowsOf(chat)).length, 1)
  })

  test('a full conversation says so and stays readable', async () => {
    const chat = await anna.make('/chat', { character_id: mia })
    await world.db.transaction((trx) =>
      trx.updateTable('conversations').set({ message_count: 9_999 }).where('id', '=', chat).execute(),
    )
    const response = await anna.send(`/chat/${chat}/messages`, { form: { text: 'one more', client_key: 'k1234567' } })
    assert.equal(response.status, 409)
    const page = await response.text()
    assert.match(page, /This conversation is full/)
    assert.match(page, /one more<\/textarea>/)
  })
})

test('8,000 characters outside of the basic plane go through a form', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  const text = '🐢'.repeat(8000)
  const response = await anna.send(`/chat/${chat}/messages`, { form: { text, client_key: 'k1234567' } })
  assert.equal(response.status, 303)
  assert.equal((await rowsOf(chat))[1]?.content, text)
})

test('C10: ten sends at once with one key make one message and one reply, and ten equal answers', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  const answers = await Promise.all(Array.from({ length: 10 }, () => say(chat, 'only once', 'key-of-ten')))
  for (const answer of answers) assert.deepEqual(answer, answers[0])
  assert.equal((await rowsOf(chat)).length, 3)
  assert.deepEqual(await say(chat, 'only once', 'key-of-ten'), answers[0])
  await checkTree(chat)
})

test('a form sent twice makes one message; other words with the same key make another', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  const form = (text: string) => anna.send(`/chat/${chat}/messages`, { form: { text, client_key: 'formkey-1' } })
  const twice = await Promise.all([form('double'), form('double')])
  for (const response of twice) assert.equal(response.status, 303)
  assert.equal((await form('changed after going back')).status, 303)
  const texts = (await rowsOf(chat)).filter(({ role }) => role === 'user').map(({ content }) => content)
  assert.deepEqual(texts, ['double', 'changed after going back'])
})

test('a program that sends another text with a key it has used is told, and nothing is stored or lost', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  await say(chat, 'first words', 'key-of-json')
  const json = { text: 'other words', client_key: 'key-of-json' }
  const response = await anna.send(`/chat/${chat}/messages`, { json })
  assert.equal(response.status, 409)
  assert.match(await response.text(), /belongs to a message with another text/)
  assert.equal((await rowsOf(chat)).length, 3)
  await say(chat, '\n more', 'key-of-blank')
  await say(chat, ' more \n', 'key-of-blank')
  assert.equal((await rowsOf(chat)).length, 5, 'blanks that are not kept make no other text')
})

test('the same key in another conversation is another message', async () => {
  const one = await say(await anna.make('/chat', { character_id: mia }), 'x', 'same-key-')
  const two = await say(await anna.make('/chat', { character_id: mia }), 'x', 'same-key-')
  assert.notEqual(one.message.id, two.message.id)
})

test('fifty sends at once keep the tree whole and in one line; of more, some are asked to wait', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  await Promise.all(Array.from({ length: 50 }, (_, i) => say(chat, `number ${i}`)))
  const rows = await rowsOf(chat)
  assert.equal(rows.length, 101)
  assert.equal(new Set(rows.map(({ parent_id }) => parent_id)).size, 101, 'no two have one parent')
  const crowd = Array.from({ length: 120 }, () => anna.send(`/chat/${chat}/messages`, { json: { text: 'x' } }))
  const answers = await Promise.all(crowd)
  const refused = answers.filter(({ status }) => status === 503)
  assert.ok(refused.length > 0)
  for (const { headers } of refused) assert.equal(headers.get('retry-after'), '1')
  assert.equal((await rowsOf(chat)).length, 101 + 2 * (120 - refused.length))
  await checkTree(chat)
})

test('a long conversation shows the newest 100 and goes back page by page, losing nothing', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  for (let i = 0; i < 120; i++) await say(chat, `[said-${i}]`)
  const seen: string[] = []
  let path: string | undefined = `/chat/${chat}`
  let pages = 0
  while (path !== undefined) {
    const page = await anna.page(path)
    const articles = [...page.matchAll(/<article[^>]*id="message-([\w-]{36})"/g)].map(([, id = '']) => id)
    assert.ok(articles.length <= 100)
    seen.unshift(...articles)
    assert.equal(page.includes('data-composer'), pages === 0, 'one writes at the end only')
    path = /<a class="btn btn-quiet" href="([^"#]*before=[^"#]*)[^"]*">Show earlier/.exec(page)?.[1]
    pages++
  }
  assert.equal(pages, 3)
  assert.deepEqual(
    seen,
    (await rowsOf(chat)).map(({ id }) => id),
  )
})

test('behind the oldest conversation the list says so, and not that there are none', async () => {
  const bea = await world.person('bea')
  const chat = await bea.make('/chat', { example: 'mia' })
  const page = await bea.page(`/chat?after=${chat}`)
  assert.match(page, /There are no older conversations\./)
  assert.doesNotMatch(page, /No conversations yet/)
})

test('a title comes from the first words and can be changed; both are kept', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  assert.match(await anna.page('/chat'), /New talk with Mia/)
  await say(chat, 'Planning the garden\nin spring')
  assert.match(await anna.page('/chat'), />Planning the garden in spring</)
  assert.equal((await anna.send(`/chat/${chat}/rename`, { form: { title: '' } })).status, 422)
  assert.equal((await anna.send(`/chat/${chat}/rename`, { form: { title: 'Garden' } })).status, 303)
  await say(chat, 'And more')
  assert.equal((await conversation(chat)).title, 'Garden')
})

test('deleting asks first, then takes all messages', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  await say(chat, 'to be forgotten')
  assert.match(await anna.page(`/chat/${chat}/delete`), /to be forgotten/)
  assert.equal((await rowsOf(chat)).length, 3, 'CSR-05: asking deletes nothing')
  assert.equal((await anna.send(`/chat/${chat}/delete`, { form: {} })).status, 303)
  assert.equal((await anna.get(`/chat/${chat}`)).status, 404)
  await world.sweepDeleted()
  assert.equal((await rowsOf(chat)).length, 0)
})

test('every practice reply carries its label, a greeting does not', async () => {
  const chat = await anna.make('/chat', { character_id: mia })
  const label = /<p class="message-label">Practice reply — scripted, no AI model is connected<\/p>/g
  const shown = async () => (await anna.page(`/chat/${chat}`)).replace(/<template.*?<\/template>/gs, '').match(label)
  assert.equal(await shown(), null)
  assert.equal((await say(chat, 'one')).reply.made_by, 'practice')
  await say(chat, 'two')
  assert.equal((await shown())?.length, 2)
})

test('a character without a greeting leaves the first word to the person', async () => {
  const silent = await anna.make('/characters', { name: 'Silent' })
  const chat = await anna.make('/chat', { character_id: silent })
  assert.match(await anna.page(`/chat/${chat}`), /The first word is yours/)
  await say(chat, 'hello')
  await checkTree(chat)
})

test('the personality of a character is heard, and a change of it from the next reply on', async () => {
  const personality = await anna.make('/personality', { name: 'P', formality: 95 })
  const character = await anna.make('/characters', { name: 'Formal', personality_id: personality })
  const chat = await anna.make('/chat', { character_id: character })
  assert.match((await say(chat, 'Hello')).reply.text, /^Good day\./)
  await anna.make(`/personality/${personality}`, { name: 'P', formality: 5, warmth: 40 })
  assert.match((await say(chat, 'Hello')).reply.text, /^Hey\./)
  assert.equal((await anna.send(`/personality/${personality}/delete`, { form: {} })).status, 303)
  assert.match((await say(chat, 'Hello')).reply.text, /^Hello\./)
})
