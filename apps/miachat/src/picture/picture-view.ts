import {
  attributes,
  button,
  errorFor,
  type FormError,
  type FramedPage,
  fieldError,
  fieldId,
  type Html,
  html,
  section,
  settingsFrame,
  type Words,
} from '@miachat/auth/views'
import { type AppWords, wordsIn } from '../words/words.ts'
import { type Crop, squareOf } from './re-encode.ts'

export interface PictureView {
  readonly words: Words
  /** Address of what is shown, or null for none. */
  readonly shown: string | null
  readonly picture: ({ readonly width: number; readonly height: number } & Crop) | null
  readonly errors: readonly FormError[]
}

type Say = AppWords['picture']

/** The picture of oneself: another one, the square of it, none. */
export function pictureView({ words, shown, picture, errors }: PictureView): FramedPage {
  const { picture: say } = wordsIn(words.language)
  const wrong = errorFor(errors, 'picture')
  const id = fieldId('picture')
  return settingsFrame({
    words,
    active: '/settings',
    title: say.title,
    lead: say.lead,
    errors,
    content: html`${shown !== null && html`<p><img class="avatar avatar-large" src="${shown}" alt="${say.yours}" width="128" height="128"></p>`}
<form class="section" method="post" action="/settings/picture" enctype="multipart/form-data" data-once>
<div class="field${wrong !== undefined && ' field-wrong'}"><label class="form-label" for="${id}">${shown === null ? say.choose : say.chooseOther}</label>
<p class="form-text" id="${id}-hint">${say.hint}</p>
${wrong !== undefined && fieldError(id, wrong, words)}
<input class="form-control" type="file" name="picture" required accept="image/jpeg,image/png,image/webp"${attributes({
      id,
      'aria-invalid': wrong === undefined ? null : 'true',
      'aria-describedby': wrong === undefined ? `${id}-hint` : `${id}-hint ${id}-error`,
    })}></div>
${button({ label: say.upload, kind: shown === null ? 'primary' : 'secondary', busy: say.uploading })}
</form>
${picture !== null && section({ id: 'crop', title: say.crop, intro: say.cropIntro, body: cropForm(picture, say) })}
${picture !== null && html`<form method="post" action="/settings/picture/remove" data-once>${button({ label: say.remove, kind: 'danger' })}</form>`}`,
  })
}

/** The frame is drawn by the server as it is stored; with script it follows the sliders. */
function cropForm(picture: NonNullable<PictureView['picture']>, say: Say): Html {
  const { width, height, size, across, down } = picture
  const { x, y, side } = squareOf(picture, picture)
  const slider = (name: keyof Crop, label: string, value: number, min: number): Html =>
    html`<div class="field"><label class="form-label" for="${fieldId(name)}">${label}</label>
<input type="range" step="1" max="100"${attributes({ id: fieldId(name), name, min, value })}></div>`
  return html`<form method="post" action="/settings/picture/crop" data-crop data-once>
<svg class="crop" viewBox="0 0 ${width} ${height}" role="img" aria-label="${say.preview}"${attributes({ 'data-width': width, 'data-height': height })}>
<image href="/settings/picture/whole" width="${width}" height="${height}"/>
<circle class="crop-frame" cx="${x + side / 2}" cy="${y + side / 2}" r="${side / 2}"/></svg>
${slider('size', say.size, size, 20)}
${slider('across', say.across, across, 0)}
${slider('down', say.down, down, 0)}
${button({ label: say.saveCrop, kind: 'secondary', busy: say.saving })}
</form>`
}
