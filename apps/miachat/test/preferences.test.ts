import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'

let world: ChatWorld
let anna: Person
let bert: Person
before(async () => {
  world = await chatWorld()
  anna = await world.person('anna')
  bert = await world.person('bert')
})
after(() => world.close())

const usual = { text_size: '100', density: 'roomy', motion: 'system', message_width: 'usual' }
const rootOf = (page: string): string => /<html[^>]*>/.exec(page)?.[0] ?? ''
const fields = async () => (await world.auth.admin.getUser(anna.id))?.fields

test('A4, A5: what is no choice is refused, and nothing of it is kept', async () => {
  const wrong: [string, Record<string, unknown>][] = [
    ['/settings/appearance', {}],
    ['/settings/appearance', { ...usual, text_size: '1000' }],
    ['/settings/appearance', { ...usual, text_size: 100 }],
    ['/settings/appearance', { ...usual, message_width: '"><script>' }],
    ['/settings/chat', { send_with: 'enter' }],
    ['/settings/chat', { send_with: 'enter', reading: 'whole', follow: 'perhaps' }],
    ['/settings/undo', { page: 'https://example.com/' }],
  ]
  for (const [path, json] of wrong) assert.ok((await anna.send(path, { json })).status >= 400, JSON.stringify(json))
  assert.deepEqual(await fields(), {})
  assert.doesNotMatch(rootOf(await anna.page('/settings')), /data-text-size/)
})

test('A4: stored for the person, written into every page by the server, and nobody else’s', async () => {
  const form = { text_size: '125', density: 'compact', motion: 'less', message_width: 'wide' }
  const saved = await anna.send('/settings/appearance', { form })
  assert.equal(saved.headers.get('location'), '/settings/appearance?done=saved')
  const expected = 'data-text-size="125" data-density="compact" data-motion="less" data-message-width="wide"'
  for (const path of ['/', '/chat', '/settings', '/settings/security', '/characters']) {
    assert.ok(rootOf(await anna.page(path)).includes(expected), path)
    assert.doesNotMatch(rootOf(await bert.page(path)), /data-text-size/)
  }
})

test('A8: saving can be taken back once, and only while it has changed something', async () => {
  await anna.send('/settings/appearance', { form: usual })
  const shown = await anna.page('/settings/appearance?done=saved')
  assert.match(shown, /action="\/settings\/undo"/)
  await anna.send('/settings/undo', { form: { page: 'appearance' } })
  assert.match(rootOf(await anna.page('/')), /data-text-size="125"/)
  await anna.send('/settings/undo', { json: {} })
  assert.doesNotMatch(rootOf(await anna.page('/')), /data-text-size/)
  await anna.send('/settings/appearance', { form: usual })
  const again = await anna.page('/settings/appearance?done=saved')
  assert.match(again, /Saved\./)
  assert.doesNotMatch(again, /settings\/undo/)
})

test('A5: a box without its tick is off; what is stored otherwise stays', async () => {
  await anna.send('/settings/appearance', { form: { ...usual, text_size: '110' } })
  await anna.send('/settings/chat', { form: { send_with: 'ctrl-enter', reading: 'short' } })
  const root = rootOf(await anna.page('/chat'))
  for (const part of ['send-with="ctrl-enter"', 'reading="short"', 'follow="off"', 'times="off"', 'text-size="110"']) {
    assert.ok(root.includes(`data-${part}`), part)
  }
  await anna.send('/settings/chat', { json: { send_with: 'enter', reading: 'whole', follow: true, times: true } })
  assert.doesNotMatch(rootOf(await anna.page('/chat')), /data-(send|reading|follow|times)/)
})

test('the host’s own fields of a person that are no preferences are read as usual, and kept', async () => {
  await world.auth.changeFields(anna.id, () => ({ language: 'de', preferences: { text_size: 5 } }))
  assert.doesNotMatch(rootOf(await anna.page('/')), /data-text-size/)
  await anna.send('/settings/appearance', { form: { ...usual, text_size: '90' } })
  assert.equal((await fields())?.['language'], 'de')
  await assert.rejects(
    world.auth.changeFields(9999, (all) => all),
    { code: 'not_found' },
  )
})

test('A6, A7: the page of privacy says what is so', async () => {
  const page = await anna.page('/settings/privacy')
  assert.match(page, /cannot be turned off/)
  assert.match(page, /No page shows them your conversations/)
  assert.match(page, /aria-current="page">Privacy/)
  assert.ok((await anna.page('/settings/security')).includes('href="/settings/privacy"'), 'in the list of every page')
})
