import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ChatWorld, chatWorld, type Person } from './support/chat-world.ts'

/** Each would do something where it is not taken as text. */
const corpus = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "'><svg/onload=alert(1)>",
  '</textarea><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</template><img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '![x](https://evil.example/x.png)',
  '[x](javascript:alert(1))',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<!-- --><![CDATA[<b>]]>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of an attack.
  '${alert(1)} {{constructor}} <%= 1 %>',
  '\u202ereversed\u2066 <b>bold</b>',
  '__proto__',
]

let world: ChatWorld
let eve: Person
before(async () => {
  world = await chatWorld()
  eve = await world.person('eve')
})
after(() => world.close())

const tag = /<[a-z!/](?:"[^"]*"|'[^']*'|[^>"'])*>/gi
/** Elements that no template of ours writes. */
const foreign =
  /^<(?:b|!--|!\[|iframe|object|embed|base|link(?! rel="(?:stylesheet|icon|manifest)")|meta(?! (?:charset|name)=))[\s/>]/i

/** Reads a page as a browser does and finds what only a text could have brought in. */
function assertText(page: string, text: string, where: string): void {
  for (const [found] of page.matchAll(tag)) {
    const bare = found.replace(/="[^"]*"/g, '=""')
    const evil =
      foreign.test(found) ||
      /[\s/"']on\w+\s*=/i.test(bare) ||
      /=\s*["']?\s*(?:javascript|data):/i.test(found) ||
      (/^<script/i.test(found) && !/^<script type="module" src="\/[^"]*" nonce="[^"]{20,}">$/.test(found)) ||
      (/^<img/i.test(found) && !/^<img class="avatar avatar-\w+" src="\/assets\//.test(found)) ||
      /(?:src|href|action|formaction)="(?!\/|#)/.test(found)
    assert.equal(evil, false, `${where}: ${found} from ${text}`)
  }
}

for (const text of corpus) {
  test(`RED-03: text stays text in every field of every page: ${JSON.stringify(text)}`, async () => {
    const personality = await eve.make('/personality', {
      name: text,
      words: [text],
      dos: [text],
      donts: [text],
      notes: text,
    })
    const fields = [
      'tagline',
      'description',
      'greeting',
      'scenario',
      'system_prompt',
      'example_dialogue',
      'creator_notes',
    ]
    const character = await eve.make('/characters', {
      name: text,
      ...Object.fromEntries(fields.map((field) => [field, text])),
      tags: [text.slice(0, 40)],
      personality_id: personality,
    })
    const chat = await eve.make('/chat', { character_id: character })
    for (const said of [text, `My name is ${text}`, 'Who are you?', 'How do you talk?', 'Where are we?']) {
      const response = await eve.send(`/chat/${chat}/messages`, { json: { text: said } })
      assert.equal(response.status, 200)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    }
    await eve.send(`/characters/${character}/favourite`, { form: { favourite: '1' } })
    for (const path of [
      '/',
      '/chat',
      '/chat/new',
      `/chat/${chat}`,
      `/chat/${chat}/rename`,
      `/chat/${chat}/delete`,
      '/characters',
      `/characters?q=${encodeURIComponent(text)}`,
      '/characters/new',
      `/characters/${character}`,
      `/characters/${character}/delete`,
      '/personality',
      `/personality/${personality}`,
      `/personality/${personality}/delete`,
    ]) {
      assertText(await eve.page(path), text, path)
    }
    // Forms that come back with what was typed.
    const wrong = { name: '', tagline: text, description: text, tags: text, personality_id: text.slice(0, 36) }
    const form = await eve.send('/characters', { form: wrong })
    assert.equal(form.status, 422)
    assertText(await form.text(), text, 'POST /characters')
    const dial = await eve.send('/personality', { form: { name: text, warmth: text, dos: text, notes: text } })
    assert.equal(dial.status, 422)
    assertText(await dial.text(), text, 'POST /personality')
    const preview = await eve.send('/personality/preview', {
      form: { name: text, dos: text.replaceAll('\n', ' '), notes: text },
    })
    assertText(await preview.text(), text, 'POST /personality/preview')
    const title = await eve.send(`/chat/${chat}/rename`, { form: { title: `${text}${'x'.repeat(121)}` } })
    assert.equal(title.status, 422)
    assertText(await title.text(), text, 'POST rename')
    await eve.send(`/chat/${chat}/rename`, { form: { title: text } })
    assertText(await eve.page(`/chat/${chat}`), text, 'title')
  })
}

test('a text comes back exactly as it was written, line ends and blanks within it too', async () => {
  const chat = await eve.make('/chat', { example: 'sage' })
  const text = 'first\n\n  second <b>\t&amp; third'
  await eve.send(`/chat/${chat}/messages`, { form: { text: text.replaceAll('\n', '\r\n'), client_key: 'k1234567' } })
  const rows = await world.db.read
    .selectFrom('messages')
    .select('content')
    .where('conversation_id', '=', chat)
    .execute()
  assert.ok(rows.some(({ content }) => content === text))
  assert.ok((await eve.page(`/chat/${chat}`)).includes('first\n\n  second &lt;b&gt;\t&amp;amp; third</div>'))
})

test('control characters and NUL are taken out and never reach the database', async () => {
  const id = await eve.make('/characters', { name: 'a\u0000b\u0007c', description: 'x\u0000\ny' })
  const page = await eve.page(`/characters/${id}`)
  assert.match(page, /value="abc"/)
  assert.match(page, /x\ny<\/textarea>/)
})

test('names of 300 characters are refused with the limit, and shown in words', async () => {
  const name = 'x'.repeat(300)
  for (const path of ['/characters', '/personality']) {
    const response = await eve.send(path, { form: { name } })
    assert.equal(response.status, 422)
    const page = await response.text()
    assert.match(page, /Use at most 80 characters\./)
    assert.ok(page.includes(`value="${name}"`))
  }
})

test('the search above finds what it looks for', () => {
  const page = '<p class="x">fine &lt;b&gt;</p><a href="/x" title="a > b onerror=1">y</a>'
  assertText(page, '', '')
  for (const text of corpus.filter((one) => /^[^&]*<(?:img|script|svg|a |b>|!)/.test(one))) {
    assert.throws(() => assertText(`<p>${text}</p>`, text, ''), assert.AssertionError, text)
  }
})
