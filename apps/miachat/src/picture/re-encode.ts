import { createTurns } from '../lib/turns.ts'

/** The most of what is taken: bytes of a file, and pixels of a side. */
export const MOST_BYTES = 8 * 1024 * 1024
export const MOST_PIXELS = 6_000
/** The longest side of what is kept to cut from, and the side of what is shown. */
const KEPT_SIDE = 1_024
const SHOWN_SIDE = 256
const QUALITY = 85

/** A picture that was decoded and encoded anew (WebP): nothing of its file is left, no place, no camera, no text. */
export interface CleanPicture {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
}

/** Where the square lies, in whole per cent: how large, and how far across and down of the room that is left. */
export interface Crop {
  readonly size: number
  readonly across: number
  readonly down: number
}

export const wholeCrop: Crop = { size: 100, across: 50, down: 50 }

/** What is wrong with a file: no picture of a kind that we take, too many pixels, or broken. */
export type PictureFault = 'kind' | 'large' | 'broken'
export class PictureError extends Error {
  readonly fault: PictureFault
  constructor(fault: PictureFault, cause?: unknown) {
    super(`picture: ${fault}`, { cause })
    this.fault = fault
  }
}

/** One at a time: a picture takes a second of a processor, and a hundred bytes of memory for each of its pixels at worst. */
const inTurn = createTurns<'picture'>(8)

const starts: readonly (readonly [kind: string, start: readonly (number | null)[]])[] = [
  ['jpg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
]

/** By the first bytes, never by a name or what a browser says of it. */
const kindOf = (bytes: Uint8Array): string | null =>
  starts.find(([, start]) => start.every((byte, at) => byte === null || bytes[at] === byte))?.[0] ?? null

/**
 * Reads a file of a stranger: JPEG, PNG or WebP. Its size is read from its head before anything is decoded, so that a small file of
 * a huge picture takes no memory. Throws PictureError; `overloaded` while eight others wait.
 */
export const cleanPicture = (file: Uint8Array): Promise<CleanPicture> =>
  inTurn('picture', async () => {
    const kind = kindOf(file)
    if (kind === null) throw new PictureError('kind')
    const [{ imageSize }, { ResizeFit, Transformer }] = await Promise.all([
      import('image-size'),
      import('@napi-rs/image'),
    ])
    const { width, height, type } = sizeOf(imageSize, file)
    if (type !== kind) throw new PictureError('kind')
    if (width > MOST_PIXELS || height > MOST_PIXELS) throw new PictureError('large')
    try {
      // As a camera was held (EXIF), before that is dropped with everything else.
      const turned = new Transformer(file).rotate()
      if (width > KEPT_SIDE || height > KEPT_SIDE) {
        turned.resize({ width: KEPT_SIDE, height: KEPT_SIDE, fit: ResizeFit.Inside })
      }
      const bytes = await turned.webp(QUALITY)
      const made = sizeOf(imageSize, bytes)
      return { bytes, width: made.width, height: made.height }
    } catch (cause) {
      throw new PictureError('broken', cause)
    }
  })

function sizeOf(imageSize: typeof import('image-size').imageSize, bytes: Uint8Array) {
  try {
    return imageSize(bytes)
  } catch (cause) {
    throw new PictureError('broken', cause)
  }
}

/** The square of a crop in pixels. */
export function squareOf({ width, height }: Pick<CleanPicture, 'width' | 'height'>, { size, across, down }: Crop) {
  const side = Math.max(1, Math.round((Math.min(width, height) * size) / 100))
  return { x: Math.round(((width - side) * across) / 100), y: Math.round(((height - side) * down) / 100), side }
}

/** What is shown: the square of a picture of ours, small. */
export const cutSquare = (picture: CleanPicture, crop: Crop): Promise<Uint8Array> =>
  inTurn('picture', async () => {
    const { Transformer } = await import('@napi-rs/image')
    const { x, y, side } = squareOf(picture, crop)
    const shown = Math.min(side, SHOWN_SIDE)
    // In two steps: in one the library would resize first.
    const square = await new Transformer(picture.bytes).crop(x, y, side, side).png()
    return new Transformer(square).resize(shown, shown).webp(QUALITY)
  })
