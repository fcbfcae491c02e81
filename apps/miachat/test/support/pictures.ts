import { Transformer } from '@napi-rs/image'
import type { Browser } from '../../../../packages/auth/test/support/browser.ts'

/** A picture of colours that differ from place to place, so that nothing packs it to nothing. */
export function pixels(width: number, height: number): Transformer {
  const rgba = new Uint8Array(width * height * 4).map((_, at) => (at % 4 === 3 ? 255 : (at * 7919) % 251))
  return Transformer.fromRgbaPixels(rgba, width, height)
}

/** Sends a file as the form of the page does. */
export async function upload(
  browser: Pick<Browser, 'send'>,
  file: Uint8Array | string,
  headers: Record<string, string> = { accept: 'text/html' },
) {
  const form = new FormData()
  if (typeof file === 'string') form.set('picture', file)
  else form.set('picture', new File([new Uint8Array(file)], '../../face.jpg', { type: 'image/jpeg' }))
  const encoded = new Response(form)
  return browser.send('/settings/picture', {
    body: new Uint8Array(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '', ...headers },
  })
}
