import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { imageSize } from 'image-size'
import type { Browser } from '../../../packages/auth/test/support/browser.ts'
import { appWorld } from './support/app-world.ts'
import { pixels, upload } from './support/pictures.ts'

const html = { accept: 'text/html' }
const password = 'a walk by the river'
let world: Awaited<ReturnType<typeof appWorld>>
let anna: Browser
before(async () => {
  world = await appWorld()
  anna = await person('anna')
})
after(() => world.close())

async function person(username: string): Promise<Browser> {
  const browser = world.browser()
  const answer = await browser.send('/auth/register', {
    json: { username, email: `${username}@example.org`, password },
  })
  assert.equal(answer.status, 200)
  return browser
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** A PNG that says that it is so large, with few bytes of content. */
function pngOf(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const text = chunk('tEXt', Buffer.from('Comment\0SECRET-PLACE', 'latin1'))
  return Buffer.concat([
    start,
    chunk('IHDR', head),
    text,
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** What a phone writes into a JPEG: EXIF (CIPA DC-008) with an orientation, and a place in words. */
function withExif(jpeg: Buffer, orientation: number): Buffer {
  const note = Buffer.from('SECRET-PLACE 52.5200 N\0', 'latin1')
  const tiff = Buffer.alloc(38)
  tiff.write('MM\0*', 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(2, 8)
  for (const [at, [tag, type, count, value]] of [
    [0x010e, 2, note.length, 38],
    [0x0112, 3, 1, orientation << 16],
  ].entries()) {
    tiff.writeUInt16BE(tag ?? 0, 10 + at * 12)
    tiff.writeUInt16BE(type ?? 0, 12 + at * 12)
    tiff.writeUInt32BE(count ?? 0, 14 + at * 12)
    tiff.writeUInt32BE(value ?? 0, 18 + at * 12)
  }
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, note])
  const marker = Buffer.from([0xff, 0xe1, 0, 0])
  marker.writeUInt16BE(exif.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)])
}

const imageOf = async (browser: Browser, name = 'whole') => {
  const answer = await browser.get(`/settings/picture/${name}`)
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) }
}
const addressIn = (page: string): string | undefined => /\/settings\/picture\/[\w-]{16}/.exec(page)?.[0]

test('A1: what is no picture, too large or broken is refused in words, and nothing is kept', async () => {
  const jpeg = await pixels(300, 200).jpeg(90)
  const refused: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /Choose a file first/],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), /no JPEG, PNG or WebP/],
    [Buffer.from('GIF89a\x01\0\x01\0'), /no JPEG, PNG or WebP/],
    [Buffer.concat([Buffer.from('<!doctype html>'), jpeg]), /no JPEG, PNG or WebP/],
    [pngOf(50_000, 50_000), /more than 6,000 pixels/],
    [pngOf(400, 400), /cannot be read/],
    [jpeg.subarray(0, 400), /cannot be read/],
    [Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5000, 0x41)]), /cannot be read|no JPEG/],
  ]
  for (const [file, words] of refused) {
    const started = performance.now()
    const answer = await upload(anna, file)
    assert.equal(answer.status, 422, String(words))
    assert.match(await answer.text(), words)
    assert.ok(performance.now() - started < 2000, 'a hostile file takes no time')
  }
  assert.equal((await upload(anna, 'no file')).status, 400)
  assert.equal((await upload(anna, Buffer.alloc(9 * 1024 * 1024))).status, 413)
  assert.equal((await imageOf(anna)).answer.status, 404)
  assert.equal(addressIn(await (await anna.get('/settings', html)).text()), undefined)
})

test('A1: two pictures at once: one of them is kept, and nobody gets an error', async () => {
  const twice = await person('twice')
  const files = await Promise.all([300, 400, 500].map((width) => pixels(width, 200).jpeg(90)))
  const answers = await Promise.all(files.map((file) => upload(twice, file)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [303, 303, 303],
  )
  assert.equal((await imageOf(twice)).answer.status, 200)
})

test('CSR-01, CSR-03: no other site uploads, no guest does, and no other address takes such a form', async () => {
  const jpeg = await pixels(300, 200).jpeg(90)
  assert.equal((await upload(anna, jpeg, { ...html, origin: 'https://evil.example' })).status, 403)
  assert.equal((await upload(world.browser(), jpeg)).status, 303)
  const form = new Response(new FormData())
  const headers = { 'content-type': form.headers.get('content-type') ?? '', accept: 'application/json' }
  const body = new Uint8Array(await form.arrayBuffer())
  for (const path of ['/settings/profile', '/auth/login', '/settings/picture/crop']) {
    assert.equal((await anna.send(path, { body, headers })).status, 415, path)
  }
})

test('A1: a picture is drawn anew: as it was held, with nothing of its file, seen by its owner alone', async () => {
  const file = withExif(await pixels(1600, 1200).jpeg(90), 6)
  assert.ok(file.includes('SECRET-PLACE'))
  const done = await upload(anna, file)
  assert.equal(done.headers.get('location'), '/settings/picture?done=saved')
  const page = await (await anna.get('/settings/picture?done=saved', html)).text()
  assert.match(page, /This is your picture now/)
  const shown = addressIn(page)?.split('/').at(-1) ?? assert.fail('no picture on the page')
  for (const [name, width, height] of [
    ['whole', 768, 1024],
    [shown, 256, 256],
  ] as const) {
    const { answer, bytes } = await imageOf(anna, name)
    assert.deepEqual(
      [
        answer.headers.get('content-type'),
        answer.headers.get('cache-control'),
        answer.headers.get('x-content-type-options'),
      ],
      ['image/webp', 'no-store', 'nosniff'],
    )
    const size = imageSize(bytes)
    assert.deepEqual([size.type, size.width, size.height, size.orientation], ['webp', width, height, undefined])
    assert.ok(!bytes.includes('SECRET') && !bytes.includes('Exif') && !bytes.includes('EXIF'), name)
  }
  for (const path of ['/', '/settings']) {
    assert.equal(addressIn(await (await anna.get(path, html)).text()), `/settings/picture/${shown}`, path)
  }
  const bert = await person('bert')
  assert.equal((await imageOf(bert, shown)).answer.status, 404)
  assert.equal((await imageOf(world.browser(), shown)).answer.status, 303)
})

test('A1: the square is chosen in per cent, and what is shown has another address', async () => {
  const before = addressIn(await (await anna.get('/settings', html)).text())
  for (const form of [
    { size: '10', across: '0', down: '0' },
    { size: '50', across: '101', down: '0' },
  ]) {
    assert.equal((await anna.send('/settings/picture/crop', { form, headers: html })).status, 422, JSON.stringify(form))
  }
  const form = { size: '40', across: '100', down: '0' }
  assert.equal((await anna.send('/settings/picture/crop', { form, headers: html })).status, 303)
  const page = await (await anna.get('/settings/picture', html)).text()
  assert.match(page, /<circle[^>]* cx="614.5" cy="153.5" r="153.5"/)
  assert.notEqual(addressIn(page), before)
  assert.deepEqual(imageSize((await imageOf(anna, addressIn(page)?.split('/').at(-1))).bytes).width, 256)
  const other = await person('carla')
  assert.equal((await other.send('/settings/picture/crop', { form, headers: html })).status, 404)
})

test('A1: it is removed by its owner; pictures of other kinds, a small one and a narrow one', async () => {
  assert.equal((await anna.send('/settings/picture/remove', { form: {}, headers: html })).status, 303)
  assert.equal((await imageOf(anna)).answer.status, 404)
  assert.equal(addressIn(await (await anna.get('/', html)).text()), undefined)
  for (const file of [await pixels(40, 30).png(), await pixels(2000, 60).webp(80)]) {
    assert.equal((await upload(anna, file)).status, 303)
  }
  const { width, height } = imageSize((await imageOf(anna)).bytes)
  assert.deepEqual([width, height], [1024, 31], 'a small side stays small')
})
