import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'

let world: ChatWorld
let anna: Person
before(async () => {
  world = await chatWorld()
  anna = await world.person('anna')
})
after(() => world.close())

test('from nothing to a talk that is still there after a reload, with forms only', async () => {
  assert.match(await anna.page('/'), /First steps/)
  assert.match(await anna.page('/chat'), /Pick someone to talk to/)
  const copied = await anna.send('/characters/examples/mia/copy', { form: {} })
  assert.equal(copied.status, 303)
  const character = /\/characters\/([\w-]+)/.exec(copied.headers.get('location') ?? '')?.[1] ?? ''
  assert.match(await anna.page(`/characters/${character}`), /value="Mia"/)
  const started = await anna.send('/chat', { form: { character_id: character } })
  assert.equal(started.status, 303)
  const chat = started.headers.get('location') ?? ''
  assert.match(await anna.page(chat), /Hello anna, I am Mia/)
  const sent = await anna.send(`${chat}/messages`, {
    form: { text: 'Hello, my name is Ada', client_key: 'k'.repeat(8) },
  })
  assert.equal(sent.status, 303)
  assert.equal(sent.headers.get('location'), `${chat}#last`)
  const thread = await anna.page(chat)
  assert.match(thread, /Ada it is/)
  assert.match(thread, /Practice reply — scripted, no AI model is connected/)
  const home = await anna.page('/')
  assert.match(home, /Ada it is/)
  assert.doesNotMatch(home, /First steps/)
  assert.match(await anna.page('/chat'), /Hello, my name is Ada/)
})
