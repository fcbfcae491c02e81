import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { strFromU8, unzipSync } from 'fflate'
import { z } from 'zod'
import { appWorld } from './support/app-world.ts'

const stateShape = z.object({ download: z.string().optional() })
const idShape = z.object({ id: z.string() })

test('E1, E2, X2: the archive holds one’s own characters, personalities and conversations; the page counts what goes', async () => {
  const world = await appWorld()
  try {
    const person = async (username: string) => {
      const browser = world.browser()
      const json = { username, email: `${username}@example.org`, password: 'a walk by the river' }
      assert.equal((await browser.send('/auth/register', { json })).status, 200)
      const make = async (path: string, body: object) =>
        idShape.parse(await (await browser.send(path, { json: body })).json()).id
      const character = await make('/characters', { name: `Ünter ../ of ${username}`, greeting: 'Hello' })
      await make('/personality', { name: `Warm ${username}` })
      const talk = await make('/chat', { character_id: character })
      const message = { text: `words of ${username}`, client_key: 'k1234567' }
      assert.equal((await browser.send(`/chat/${talk}/messages`, { json: message })).status, 200)
      return browser
    }
    await person('zora')
    const anna = await person('anna')
    assert.equal((await anna.send('/settings/export', { json: {} })).status, 200)
    let download: string | undefined
    while (download === undefined) {
      download = stateShape.parse(await (await anna.get('/settings/export')).json()).download
      await sleep(20)
    }
    const zip = unzipSync(new Uint8Array(await (await anna.get(download)).arrayBuffer()))
    const names = Object.keys(zip)
    const own = names.filter((name) => name.includes('/'))
    assert.deepEqual(own, [
      'characters/0001-u-nter-of-anna.json',
      'personalities/0001-warm-anna.json',
      'conversations/0001-words-of-anna.json',
      'conversations/0001-words-of-anna.md',
    ])
    const text = names.map((name) => strFromU8(zip[name] ?? new Uint8Array())).join('\n')
    assert.ok(!text.includes('zora'), 'nothing of another person')
    assert.match(
      strFromU8(zip['conversations/0001-words-of-anna.md'] ?? new Uint8Array()),
      /\*\*anna\*\*, .*\n\nwords of anna/,
    )
    assert.match(strFromU8(zip['characters/0001-u-nter-of-anna.json'] ?? new Uint8Array()), /"spec": "chara_card_v3"/)
    const page = await (await anna.get('/settings/data/delete', { accept: 'text/html' })).text()
    for (const line of ['1 conversation with all messages', '1 character', '1 personality']) {
      assert.ok(page.includes(`<li>${line}</li>`), line)
    }
  } finally {
    await world.close()
  }
})
