import { createHash } from 'node:crypto'
import {
  type Auth,
  AuthError,
  type Clock,
  type Database,
  type Exchange,
  type PageView,
  type Route,
  route,
  routeOfForm,
  showAgain,
  wordedErrors,
} from '@miachat/auth'
import type { FormError } from '@miachat/auth/views'
import { z } from 'zod'
import type { ChatTables } from '../chat-tables.ts'
import { answerDone, doneAnswers, pageAnswers } from '../lib/answers.ts'
import { appWords, doneNotice, ownerOf, personOf } from '../lib/own-pages.ts'
import { english } from '../words/words.ts'
import { ownPicture, withPicture } from './own-picture.ts'
import { createPictureStore } from './picture-store.ts'
import { pictureView } from './picture-view.ts'
import { type Crop, cleanPicture, cutSquare, MOST_BYTES, PictureError, wholeCrop } from './re-encode.ts'

export interface PicturePageDeps {
  readonly db: Database<ChatTables>
  readonly clock: Clock
  readonly changeFields: Auth['changeFields']
  readonly assetUrl: (path: string) => string
  /** What a text is sent with. */
  readonly textHeaders: Readonly<Record<string, string>>
}

const HOME = '/settings/picture'
const percent = z.coerce.number().int().min(0).max(100)
const cropBody = z.object({ size: percent.min(20), across: percent, down: percent })
const uploadBody = z.object({ picture: z.file().min(1) })

/** The picture that a person has of itself (A1): seen by nobody else. */
export function picturePages({ db, clock, changeFields, assetUrl, textHeaders }: PicturePageDeps): Route[] {
  const store = createPictureStore(db)

  async function page(exchange: Exchange, errors: readonly FormError[] = []): Promise<PageView> {
    const { words } = exchange
    const found = await store.find(ownerOf(exchange))
    return {
      ...pictureView({
        words,
        shown: ownPicture(personOf(exchange).fields),
        picture: found ?? null,
        errors,
      }),
      ...(errors.length === 0 ? doneNotice(exchange, appWords(exchange).picture.notices) : {}),
      scripts: [assetUrl('/assets/crop.js')],
    }
  }

  async function keep(owner: number, source: Awaited<ReturnType<typeof cleanPicture>>, crop: Crop): Promise<void> {
    const shown = await cutSquare(source, crop)
    const { bytes, width, height } = source
    const row = { source: bytes, width, height, ...crop, shown, changed_at: clock() }
    await db.transaction((trx) => store.set(trx, owner, row))
    const version = createHash('sha256').update(shown).digest('base64url').slice(0, 16)
    await changeFields(owner, (fields) => withPicture(fields, version))
  }

  const picture = (bytes: Uint8Array): Response =>
    new Response(new Uint8Array(bytes), { headers: { ...textHeaders, 'content-type': 'image/webp' } })

  return [
    route({
      method: 'GET',
      path: HOME,
      summary: 'The picture of oneself, and its forms.',
      answers: pageAnswers,
      handle: async (exchange) => exchange.page(await page(exchange)),
    }),
    routeOfForm({
      method: 'POST',
      path: HOME,
      uploads: true,
      bodyLimit: MOST_BYTES + 64 * 1024,
      summary:
        'Sets the picture of oneself: JPEG, PNG or WebP, decoded and encoded anew, without what its file says beside it.',
      body: uploadBody,
      answers: doneAnswers,
      async handle(exchange, { picture: file }) {
        try {
          const source = await cleanPicture(new Uint8Array(await file.arrayBuffer()))
          await keep(ownerOf(exchange), source, wholeCrop)
        } catch (error) {
          throw error instanceof PictureError ? refused(error) : error
        }
        return answerDone(exchange, `${HOME}?done=saved`)
      },
      onError: async (exchange, error) => showAgain(exchange, error, await page(exchange, errorsOf(exchange, error))),
    }),
    routeOfForm({
      method: 'POST',
      path: `${HOME}/crop`,
      summary: 'Chooses the square that is shown, in per cent.',
      body: cropBody,
      answers: doneAnswers,
      async handle(exchange, crop) {
        const owner = ownerOf(exchange)
        const found = await store.find(owner)
        if (!found) throw new AuthError('not_found')
        await keep(owner, { bytes: found.source, width: found.width, height: found.height }, crop)
        return answerDone(exchange, `${HOME}?done=cropped`)
      },
      onError: async (exchange, error) => showAgain(exchange, error, await page(exchange, errorsOf(exchange, error))),
    }),
    route({
      method: 'POST',
      path: `${HOME}/remove`,
      summary: 'Removes the picture of oneself.',
      answers: doneAnswers,
      async handle(exchange) {
        const owner = ownerOf(exchange)
        await db.transaction((trx) => store.remove(trx, owner))
        await changeFields(owner, (fields) => withPicture(fields, null))
        return answerDone(exchange, `${HOME}?done=removed`)
      },
    }),
    route({
      method: 'GET',
      path: `${HOME}/:version`,
      summary: 'The picture itself, or with `whole` what its square is cut from; to its owner alone.',
      answers: { 200: 'image/webp' },
      async handle(exchange) {
        const found = await store.find(ownerOf(exchange))
        if (!found) throw new AuthError('not_found')
        return picture(exchange.params['version'] === 'whole' ? found.source : found.shown)
      },
    }),
  ]
}

function refused({ fault, cause }: PictureError): AuthError {
  const { problems } = english.picture
  const code = `picture_${fault}` as const
  return new AuthError('invalid_fields', { fields: [{ field: 'picture', code, message: problems[code] }], cause })
}

const errorsOf = (exchange: Exchange, error: AuthError): FormError[] => {
  const { problems } = appWords(exchange).picture
  return wordedErrors(error, exchange.words, problems)
}
