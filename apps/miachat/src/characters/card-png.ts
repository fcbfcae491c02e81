import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { tintOf } from '../views/pieces.ts'
import type { Card } from './card.ts'

const SIDE = 512
/** The paper of monograms in light, as in `styles/_tints.scss`: the sheets' test compares them. */
export const papers = [338, 14, 38, 88, 158, 196, 226, 282].map((hue) => `hsl(${hue}, 38%, 87%)`)
const drawings: Readonly<Record<string, URL>> = { mia: new URL('../public/mia.svg', import.meta.url) }

/**
 * A character as other programs take it: a picture (PNG) that holds its card, in the text chunks `ccv3` (specification of cards, V3)
 * and, for programs that know no other, `chara` (V2). A character without a drawing gets a plain square in its colour: letters
 * would need fonts that a server may not have.
 */
export async function cardPng(
  card: Card,
  face: { readonly id: string; readonly picture: string | null },
): Promise<Buffer> {
  const { Transformer } = await import('@napi-rs/image')
  const drawing = face.picture === null ? undefined : drawings[face.picture]
  const plain = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="${papers[tintOf(face.id) - 1]}"/></svg>`
  const svg = drawing ? await readFile(drawing) : plain
  const png = await Transformer.fromSvg(svg).resize(SIDE, SIDE).png()
  return withText(png, [
    ['ccv3', JSON.stringify(card)],
    ['chara', JSON.stringify(asV2(card))],
  ])
}

/** What V2 knows of a card; its notes say that there is more. */
function asV2({ data }: Card): object {
  const { name, description, personality, scenario, first_mes, mes_example, system_prompt, tags } = data
  const { post_history_instructions, alternate_greetings, creator, character_version, extensions } = data
  return {
    spec: 'chara_card_v2',
    spec_version: '2.0',
    data: {
      ...{ name, description, personality, scenario, first_mes, mes_example, system_prompt, tags },
      ...{ post_history_instructions, alternate_greetings, creator, character_version, extensions },
      creator_notes:
        `${data.creator_notes}\n\nThis is a card of version 3; a program that reads only version 2 leaves some of it out.`.trim(),
    },
  }
}

/** Puts texts into a PNG before its last chunk (PNG specification, section 11.3.3.2), as base64 of UTF-8. */
function withText(png: Buffer, texts: readonly (readonly [keyword: string, text: string])[]): Buffer {
  const end = png.length - 12
  const chunks = texts.map(([keyword, text]) => textChunk(`${keyword}\0${Buffer.from(text).toString('base64')}`))
  return Buffer.concat([png.subarray(0, end), ...chunks, png.subarray(end)])
}

function textChunk(text: string): Buffer {
  const body = Buffer.from(`tEXt${text}`, 'latin1')
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}
