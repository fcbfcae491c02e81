import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { strFromU8, unzipSync } from 'fflate'
import { imageSize } from 'image-size'
import { z } from 'zod'
import { appWorld } from './support/app-world.ts'
import { pixels, upload } from './support/pictures.ts'

const stateShape = z.object({ download: z.string().optional() })
const idShape = z.object({ id: z.string() })

/** The texts of a PNG by keyword, read chunk by chunk as another program does it; a wrong sum is refused. */
function cardsIn(png: Buffer): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(body))
    const [keyword = '', text = ''] = body.subarray(4).toString('latin1').split('\0')
    if (body.toString('latin1', 0, 4) === 'tEXt') found.set(keyword, Buffer.from(text, 'base64').toString())
    at += length + 12
  }
  return found
}

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
    assert.equal((await upload(anna, await pixels(30, 30).png())).status, 303)
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
      'characters/0001-u-nter-of-anna.png',
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
    const png = Buffer.from(zip['characters/0001-u-nter-of-anna.png'] ?? [])
    const size = imageSize(png)
    assert.deepEqual([size.type, size.width, size.height], ['png', 512, 512])
    const cards = cardsIn(png)
    const card: unknown = JSON.parse(strFromU8(zip['characters/0001-u-nter-of-anna.json'] ?? new Uint8Array()))
    assert.deepEqual(JSON.parse(cards.get('ccv3') ?? ''), card)
    assert.match(cards.get('chara') ?? '', /"spec":"chara_card_v2".*"first_mes":"Hello".*card of version 3/)
    assert.equal(imageSize(Buffer.from(zip['picture.webp'] ?? [])).width, 30)
    const page = await (await anna.get('/settings/data/delete', { accept: 'text/html' })).text()
    for (const line of ['1 conversation with all messages', '1 character', '1 personality', 'Your picture']) {
      assert.ok(page.includes(`<li>${line}</li>`), line)
    }
  } finally {
    await world.close()
  }
})
