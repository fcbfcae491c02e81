import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { parseCard } from '../src/characters/card.ts'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'

let world: ChatWorld
let anna: Person
before(async () => {
  world = await chatWorld()
  anna = await world.person('anna')
})
after(() => world.close())

const versions = async (id: string) =>
  (
    await world.db.read
      .selectFrom('character_versions')
      .select(['version', 'card_json'])
      .where('character_id', '=', id)
      .orderBy('version')
      .execute()
  ).map(({ version, card_json }) => [version, parseCard(card_json).data.name])

test('X5: a form that is wrong comes back with 422, the errors and every text that was typed', async () => {
  const form = { name: '', tagline: 'A <tagline>', description: 'D', tags: `ok, ${'t'.repeat(41)}`, scenario: 'S' }
  const response = await anna.send('/characters', { form })
  assert.equal(response.status, 422)
  const page = await response.text()
  assert.match(page, /<title>Error: New character/)
  assert.match(page, /Give the character a name\./)
  assert.match(page, /value="A &lt;tagline&gt;"/)
  assert.match(page, />\nS<\/textarea>/)
  assert.match(page, /<details class="more" open>/, 'what is wrong is not folded away')
  const json = await anna.send('/characters', { json: form })
  assert.equal(json.status, 422)
  const { errors } = z.object({ errors: z.array(z.object({ field: z.string() })) }).parse(await json.json())
  assert.deepEqual(errors.map(({ field }) => field).sort(), ['name', 'tags'])
})

test('CH7: an edit is a new version, a save without a change is none, and a talk keeps its own', async () => {
  const id = await anna.make('/characters', { name: 'One', greeting: 'I am {{char}}, {{user}}', tags: 'b, a' })
  const chat = await anna.make('/chat', { character_id: id })
  await anna.make(`/characters/${id}`, { name: 'One', greeting: 'I am {{char}}, {{user}}', tags: 'b, a' })
  assert.deepEqual(await versions(id), [[1, 'One']])
  await anna.make(`/characters/${id}`, { name: 'Two', greeting: 'Second', tags: 'c' })
  assert.deepEqual(await versions(id), [
    [1, 'One'],
    [2, 'Two'],
  ])
  const page = await anna.page(`/chat/${chat}`)
  assert.match(page, /I am One, anna/)
  assert.match(page, /began with an earlier version/)
  const asked = await anna.send(`/chat/${chat}/messages`, { json: { text: 'Who are you?' } })
  assert.match(await asked.text(), /I am One/)
  const next = await anna.make('/chat', { character_id: id })
  assert.match(await anna.page(`/chat/${next}`), /Second/)
})

const versionIn = (page: string) => /name="version" value="([\w-]+)"/.exec(page)?.[1] ?? assert.fail('no version')

for (const [what, path] of [
  ['character', '/characters'],
  ['personality', '/personality'],
] as const) {
  test(`4.7 conflict: of two tabs the later save of a ${what} is told, keeps what was typed, and then wins knowingly`, async () => {
    const id = await anna.make(path, { name: 'Start' })
    const version = versionIn(await anna.page(`${path}/${id}`))
    const save = (form: Record<string, string>) => anna.send(`${path}/${id}`, { form })
    assert.equal((await save({ name: 'First tab', version })).status, 303)
    assert.equal((await save({ name: 'First tab', version })).status, 303, 'the second of a double click')
    const late = await save({ name: 'Second <tab>', version })
    assert.equal(late.status, 409)
    const shown = await late.text()
    assert.ok(shown.includes(`This ${what} was changed in another tab. See both versions.`))
    assert.match(shown, new RegExp(`href="${path}/${id}" target="_blank"`))
    assert.match(shown, /value="Second &lt;tab&gt;"/)
    assert.match(await anna.page(`${path}/${id}`), /value="First tab"/)
    assert.equal((await save({ name: 'Second <tab>', version: versionIn(shown) })).status, 303)
    assert.match(await anna.page(`${path}/${id}`), /value="Second &lt;tab&gt;"/)
    const wrong = await save({ name: '', version })
    assert.equal(wrong.status, 422)
    assert.equal(versionIn(await wrong.text()), version, 'another error does not hide that it is stale')
    await anna.make(`${path}/${id}`, { name: 'By a program' })
    const json = await anna.send(`${path}/${id}`, { json: { name: 'x', version } })
    assert.equal(json.status, 409)
  })
}

test('4.7 conflict: another personality of a character is a change too; a look at a personality keeps the version', async () => {
  const personality = await anna.make('/personality', { name: 'P' })
  const id = await anna.make('/characters', { name: 'C' })
  const version = versionIn(await anna.page(`/characters/${id}`))
  await anna.make(`/characters/${id}`, { name: 'C', personality_id: personality })
  assert.equal((await anna.send(`/characters/${id}`, { form: { name: 'D', version } })).status, 409)
  const opened = versionIn(await anna.page(`/personality/${personality}`))
  await anna.make(`/personality/${personality}`, { name: 'Q' })
  const form = { id: personality, name: 'R', version: opened }
  const preview = await anna.send('/personality/preview', { form })
  assert.equal(versionIn(await preview.text()), opened)
})

test('a former version goes when no conversation uses it, with the edit or with the last conversation', async () => {
  const id = await anna.make('/characters', { name: 'V1' })
  await anna.make(`/characters/${id}`, { name: 'V2' })
  assert.deepEqual(await versions(id), [[2, 'V2']])
  const chat = await anna.make('/chat', { character_id: id })
  await anna.make(`/characters/${id}`, { name: 'V3' })
  await anna.make(`/characters/${id}`, { name: 'V4' })
  assert.deepEqual(await versions(id), [
    [2, 'V2'],
    [4, 'V4'],
  ])
  const asked = await anna.send(`/chat/${chat}/messages`, { json: { text: 'Who are you?' } })
  assert.match(await asked.text(), /I am V2/)
  await anna.send(`/chat/${chat}/delete`, { form: {} })
  await world.sweepDeleted()
  assert.deepEqual(await versions(id), [[4, 'V4']])
})

test('“Talk” again goes on with the conversation in which nothing was said yet, of the same version', async () => {
  const id = await anna.make('/characters', { name: 'Patient', greeting: 'Hello' })
  const talk = () => anna.make('/chat', { character_id: id })
  const ids = await Promise.all([talk(), talk(), talk()])
  assert.equal(new Set(ids).size, 1)
  const [first = ''] = ids
  await anna.send(`/chat/${first}/messages`, { json: { text: 'a word' } })
  const second = await talk()
  assert.notEqual(second, first)
  await anna.make(`/characters/${id}`, { name: 'Patient', greeting: 'Hello again' })
  const third = await talk()
  assert.notEqual(third, second, 'the new version greets in its own words')
  assert.match(await anna.page(`/chat/${third}`), /Hello again/)
  await anna.send(`/chat/${third}/rename`, { form: { title: 'Kept' } })
  assert.notEqual(await talk(), third, 'who gave it a title means to keep it')
})

test('twenty edits at once make twenty versions, of which the last is kept', async () => {
  const id = await anna.make('/characters', { name: 'Busy' })
  await Promise.all(Array.from({ length: 20 }, (_, i) => anna.make(`/characters/${id}`, { name: `Busy ${i}` })))
  assert.deepEqual(
    (await versions(id)).map(([version]) => version),
    [21],
  )
})

test('CH6: a deleted character leaves its talks readable and goes with the last of them', async () => {
  const id = await anna.make('/characters', { name: 'Leaving', greeting: 'Still here' })
  const chats: string[] = []
  for (let i = 0; i < 2; i++) {
    const chat = await anna.make('/chat', { character_id: id })
    await anna.send(`/chat/${chat}/messages`, { json: { text: 'hello' } })
    chats.push(chat)
  }
  assert.match(await anna.page(`/characters/${id}/delete`), /2 conversations use this character/)
  assert.equal((await anna.send(`/characters/${id}/delete`, { form: {} })).status, 303)
  assert.equal((await anna.get(`/characters/${id}`)).status, 404)
  assert.equal((await anna.send('/chat', { json: { character_id: id } })).status, 404)
  assert.doesNotMatch(await anna.page('/characters'), /Leaving/)
  for (const chat of chats) {
    assert.match(await anna.page(`/chat/${chat}`), /Still here/)
    assert.equal((await anna.send(`/chat/${chat}/messages`, { json: { text: 'hi' } })).status, 200)
    assert.equal((await versions(id)).length, 1)
    await anna.send(`/chat/${chat}/delete`, { form: {} })
    await world.sweepDeleted()
  }
  assert.deepEqual(await versions(id), [])
})

test('a character without talks is deleted for good', async () => {
  const id = await anna.make('/characters', { name: 'Unused', tags: 'x' })
  assert.match(await anna.page(`/characters/${id}/delete`), /No conversation uses/)
  await anna.send(`/characters/${id}/delete`, { form: {} })
  assert.deepEqual(await versions(id), [])
})

test('favourites come first, then those who were talked with last', async () => {
  const bea = await world.person('bea')
  const ids: string[] = []
  for (const name of ['First', 'Second', 'Third']) {
    world.pass(10)
    ids.push(await bea.make('/characters', { name }))
  }
  const order = async (path: string) =>
    [...(await bea.page(path)).matchAll(/class="row-title"[^>]*><bdi>(First|Second|Third)</g)].map(([, name]) => name)
  assert.deepEqual(await order('/characters'), ['Third', 'Second', 'First'])
  world.pass(10)
  await bea.make('/chat', { character_id: ids[1] })
  await bea.send(`/characters/${ids[0]}/favourite`, { form: { favourite: '1' } })
  assert.deepEqual(await order('/characters'), ['First', 'Second', 'Third'])
  assert.deepEqual(await order('/'), ['First', 'Second', 'Third'])
  await bea.send(`/characters/${ids[0]}/favourite`, { json: { favourite: false } })
  assert.deepEqual(await order('/characters'), ['Second', 'Third', 'First'])
})

test('the search finds parts of names and tags whatever their case and accents, and takes % as a sign', async () => {
  const cleo = await world.person('cleo')
  await cleo.make('/characters', { name: 'Ärztin Zoë', tags: 'Médecine' })
  await cleo.make('/characters', { name: '100% Bob' })
  const found = async (words: string) =>
    [
      ...(await cleo.page(`/characters?${new URLSearchParams({ q: words })}`)).matchAll(
        /href="\/characters\/[\w-]{36}"><bdi>([^<]*)</g,
      ),
    ].map(([, name]) => name)
  assert.deepEqual(await found('ärzt'), ['Ärztin Zoë'])
  assert.deepEqual(await found('ZOE'), ['Ärztin Zoë'])
  assert.deepEqual(await found('medec'), ['Ärztin Zoë'])
  assert.deepEqual(await found('0%'), ['100% Bob'])
  assert.deepEqual(await found('%'), ['100% Bob'])
  assert.deepEqual(await found('_'), [])
  assert.match(await cleo.page('/characters?q=%3Cb%3E'), /Nothing found for “&lt;b&gt;”/)
  for (const page of ['0', '-1', 'x', '1e9', '99999999999999999999']) await cleo.page(`/characters?page=${page}`)
})

test('a page behind the end is the last one, and a star leads back to where it was set', async () => {
  const dora = await world.person('dora')
  const ids: string[] = []
  for (let i = 0; i < 61; i++) ids.push(await dora.make('/characters', { name: `No ${i}`, tags: 'x' }))
  const behind = await dora.page('/characters?page=5')
  assert.doesNotMatch(behind, /Nothing found/)
  assert.match(behind, /Previous/)
  const hidden = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="(q|page|favourite)" value="([^"]*)">/g)].map((m) => [m[1], m[2]]),
    )
  const on = async (path: string) => {
    const page = await dora.page(path)
    const id = /action="\/characters\/([\w-]{36})\/favourite"/.exec(page)?.[1]
    const response = await dora.send(`/characters/${id}/favourite`, { form: { ...hidden(page), favourite: '0' } })
    return response.headers.get('location')
  }
  assert.equal(await on('/characters'), '/characters')
  assert.equal(await on('/characters?q=X&page=2'), '/characters?q=X&page=2')
  const form = { favourite: '1', q: 'a&b //evil.example', page: '-7' }
  const odd = await dora.send(`/characters/${ids[0]}/favourite`, { form })
  assert.equal(odd.headers.get('location'), '/characters?q=a%26b+%2F%2Fevil.example')
})

test('an example stays as it is; a copy and a duplicate are the person’s own', async () => {
  const copy = await anna.make('/characters/examples/sage/copy', {})
  await anna.make(`/characters/${copy}`, { name: 'My Sage' })
  const again = await anna.make('/characters/examples/sage/copy', {})
  assert.match(await anna.page(`/characters/${again}`), /value="Sage"/)
  const twin = await anna.make(`/characters/${copy}/duplicate`, {})
  assert.match(await anna.page(`/characters/${twin}`), /value="My Sage \(copy\)"/)
  const longest = await anna.make('/characters', { name: '🐢'.repeat(80) })
  const cut = await anna.make(`/characters/${longest}/duplicate`, {})
  assert.match(await anna.page(`/characters/${cut}`), /🐢{73} \(copy\)/u)
  assert.equal((await anna.send('/characters/examples/constructor/copy', { json: {} })).status, 404)
})

test('the most of each is told: characters, conversations, personalities', async () => {
  const max = await world.person('max')
  const now = world.clock()
  const id = await max.make('/characters', { name: 'Last' })
  const base = { owner_id: max.id, created_at: now, updated_at: now }
  const many = (count: number) => Array.from({ length: count }, (_, i) => `fill-${i}`)
  await world.db.transaction(async (trx) => {
    for (const filler of many(499)) {
      const character = { ...base, id: `c-${filler}`, name: 'x', tagline: '', source_kind: 'made', last_used_at: now }
      await trx
        .insertInto('characters')
        .values({ ...character, favourite: 0, current_version: 1 })
        .execute()
    }
    for (const filler of many(2000)) {
      const talk = { id: `t-${filler}`, owner_id: max.id, character_id: id, character_version: 1, name: 'x' }
      await trx
        .insertInto('conversations')
        .values({ ...talk, title: 'x', message_count: 0, created_at: now, last_message_at: now })
        .execute()
    }
    for (const filler of many(200)) {
      const empty = {
        traits_json: '{}',
        style_json: '{}',
        words_json: '[]',
        dos_json: '[]',
        donts_json: '[]',
        notes: '',
      }
      await trx
        .insertInto('personalities')
        .values({ ...base, ...empty, id: `p-${filler}`, name: 'x' })
        .execute()
    }
  })
  for (const [path, json, words] of [
    ['/characters', { name: 'x' }, /500 characters/],
    [`/characters/${id}/duplicate`, {}, /500 characters/],
    ['/chat', { character_id: id }, /2,000 conversations/],
    ['/personality', { name: 'x' }, /200 personalities/],
  ] as const) {
    const response = await max.send(path, { json })
    assert.equal(response.status, 409, path)
    const problem = await response.text()
    assert.match(problem, words)
    assert.match(problem, /"code":"limit_reached"/)
  }
  const german = { accept: 'text/html', 'accept-language': 'de' }
  const page = await max.send(`/characters/${id}/duplicate`, { form: {}, headers: german })
  assert.equal(page.status, 409)
  assert.match(await page.text(), /<h1>Mehr davon gehen nicht<\/h1>\s*<p class="lead">Lösche etwas davon/)
  for (const path of ['/', '/characters', '/characters?page=9', '/chat', '/personality']) await max.page(path)
  let pages = 0
  for (let path: string | undefined = '/chat'; path !== undefined; pages++) {
    path = /href="(\/chat\?after=[^"]*)"/.exec(await max.page(path))?.[1]
  }
  assert.equal(pages, 40, 'every conversation is on one page of the list')
})

test('personalities: presets, copies, who uses them, and a preview that works without script', async () => {
  assert.match(await anna.page('/personality/new?from=business-coach'), /very formal|rather formal/)
  const form = { name: 'Mine', warmth: '95', dos: 'Ask back' }
  const preview = await anna.send('/personality/preview', { form })
  assert.equal(preview.status, 200)
  const page = await preview.text()
  assert.match(page, /very warm \(warmth 95 of 100\)/)
  assert.match(page, /value="95"/)
  const json = await anna.send('/personality/preview', { json: { warmth: 95 } })
  assert.deepEqual(await json.json(), { success: true, text: 'Manner: very warm (warmth 95 of 100).' })
  const wrong = await anna.send('/personality', { form: { ...form, warmth: '101' } })
  assert.equal(wrong.status, 422)
  assert.match(await wrong.text(), /Use a whole number from 0 to 100\.[\s\S]*value="101"/)
  const id = await anna.make('/personality', form)
  await anna.make('/characters', { name: 'Wearer', personality_id: id })
  assert.match(await anna.page('/personality'), /Very warm, used by Wearer/)
  assert.match(await anna.page(`/personality/${id}/delete`), /Wearer<\/bdi> will go on without/)
  const twin = await anna.make(`/personality/${id}/duplicate`, {})
  assert.match(await anna.page(`/personality/${twin}`), /value="Mine \(copy\)"/)
})
