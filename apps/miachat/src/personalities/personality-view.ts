import {
  attributes,
  button,
  errorFor,
  errorSummary,
  type FormError,
  field,
  fieldId,
  type Html,
  html,
  row,
  rowList,
  section,
} from '@miachat/auth/views'
import { bothVersions, deleteForm, emptyState, pageHead } from '../views/pieces.ts'
import type { PersonalityListed } from './personalities.ts'
import {
  type DialName,
  dialNames,
  dials,
  dialWord,
  mostRules,
  mostWords,
  styleNames,
  traitNames,
} from './personality.ts'
import { type PersonalityFormValues, personalityLengths } from './personality-form.ts'
import { presetPersonalities } from './preset-personalities.ts'

export function personalityListView(personalities: readonly PersonalityListed[]): Html {
  return html`${pageHead({
    title: 'Personalities',
    lead: 'How somebody talks: dials and a few words, for any number of characters.',
    action: html`<a class="btn btn-primary" href="/personality/new">New personality</a>`,
  })}
${
  personalities.length === 0
    ? emptyState({ text: 'No personalities yet. Start from one below, or turn the dials yourself.' })
    : section({ id: 'mine', title: 'My personalities', body: rowList(personalities.map(personalityRow)) })
}
${section({
  id: 'presets',
  title: 'To begin with',
  intro: 'Opens the form, filled in; what you save is yours.',
  body: rowList(
    presetPersonalities.map(({ key, tagline, personality }) =>
      row({ title: personality.name, href: `/personality/new?from=${key}`, text: tagline }),
    ),
  ),
})}`
}

function personalityRow(personality: PersonalityListed): Html {
  const { id, name, usedBy } = personality
  const leaning = dialNames
    .filter((dial) => dialWord(dial, personality.dials[dial]) !== 'balanced')
    .sort((a, b) => Math.abs(personality.dials[b] - 50) - Math.abs(personality.dials[a] - 50))
    .slice(0, 3)
    .map((dial) => dialWord(dial, personality.dials[dial]))
  const used = usedBy.length === 0 ? 'used by no character' : `used by ${namesOf(usedBy)}`
  const words = [...leaning, used].join(', ')
  return row({ title: name, href: `/personality/${id}`, text: `${words.slice(0, 1).toUpperCase()}${words.slice(1)}` })
}

const namesOf = (characters: readonly { readonly name: string }[]): string => {
  const shown = characters.slice(0, 3).map(({ name }) => name)
  const rest = characters.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(' and ')
}

export interface PersonalityEditView {
  /** Null for a new one. */
  readonly id: string | null
  /** As it is stored. */
  readonly name: string
  readonly version: string
  /** Something else was stored since the form was opened. */
  readonly isStale?: boolean
  readonly values: PersonalityFormValues
  readonly usedBy: readonly { readonly id: string; readonly name: string }[]
  /** What it adds to the prompt. */
  readonly preview: string
  readonly errors: readonly FormError[]
}

export function personalityEditView(view: PersonalityEditView): Html {
  const { id, name, version, isStale = false, values, usedBy, preview, errors } = view
  const dialsOf = (legend: string, names: readonly DialName[]) =>
    html`<fieldset class="dials"><legend>${legend}</legend>${names.map((dial) => dialField(dial, values.dials[dial], errorFor(errors, dial)))}</fieldset>`
  return html`<div class="form-page form-page-wide">
${errorSummary(errors)}
${isStale && bothVersions(`/personality/${id}`)}
<h1 dir="auto">${id === null ? 'New personality' : name}</h1>
${
  id !== null &&
  html`<p class="soft">${usedBy.length === 0 ? 'No character uses it yet; choose it in the form of a character.' : html`Used by ${usedBy.map((character, index) => html`${index > 0 && ', '}<a href="/characters/${character.id}" dir="auto">${character.name}</a>`)}. What you change here is heard from the next reply on.`}</p>
<div class="actions character-actions"><form method="post" action="/personality/${id}/duplicate" data-once><button class="btn btn-quiet" type="submit">Duplicate</button></form>
<a class="btn btn-quiet" href="/personality/${id}/delete">Delete…</a></div>`
}
<form method="post" action="${id === null ? '/personality' : `/personality/${id}`}" data-personality data-once>
${id !== null && html`<input type="hidden" name="id" value="${id}">`}
${version !== '' && html`<input type="hidden" name="version" value="${version}">`}
${field({ name: 'name', label: 'Name', value: values.name, error: errorFor(errors, 'name'), autocomplete: 'off', dir: 'auto' })}
${dialsOf('Style', styleNames)}
${dialsOf('Character', traitNames)}
${field({ name: 'words', label: 'Free words', value: values.words, hint: `“patient, dry”: up to ${mostWords}, with commas between.`, error: errorFor(errors, 'words'), autocomplete: 'off', dir: 'auto', optional: true })}
${field({ name: 'dos', label: 'Always', type: 'area', rows: 3, value: values.dos, hint: `One a line, up to ${mostRules} of ${personalityLengths.rule} characters.`, error: errorFor(errors, 'dos'), dir: 'auto', optional: true })}
${field({ name: 'donts', label: 'Never', type: 'area', rows: 3, value: values.donts, hint: `One a line, up to ${mostRules} of ${personalityLengths.rule} characters.`, error: errorFor(errors, 'donts'), dir: 'auto', optional: true })}
${field({ name: 'notes', label: 'Notes for the prompt', type: 'area', rows: 3, value: values.notes, error: errorFor(errors, 'notes'), dir: 'auto', optional: true })}
<section class="preview" aria-labelledby="preview-title"><div class="section-head"><h2 id="preview-title">What this adds to the prompt</h2>
<button class="btn btn-quiet" type="submit" formaction="/personality/preview" formnovalidate data-preview-button>Update</button></div>
<div class="preview-text" dir="auto" data-preview>${preview === '' ? 'Nothing: all dials stand in the middle.' : preview}</div></section>
${button({ label: id === null ? 'Create personality' : 'Save', busy: 'Saving…', wide: true })}
</form></div>`
}

/** The number box is what counts; the slider beside it appears with script, which keeps the two together. */
function dialField(name: DialName, value: string, error: string | undefined): Html {
  const { label, low, high } = dials[name]
  const id = fieldId(name)
  return html`<div class="dial${error !== undefined && ' field-wrong'}" data-dial data-low="${low}" data-high="${high}">
<label for="${id}">${label}</label>
${error !== undefined && html`<p class="field-error" id="${id}-error"><span class="visually-hidden">Error: </span>${error}</p>`}
<input class="form-control" type="number" min="0" max="100" step="1" inputmode="numeric"${attributes({
    id,
    name,
    value,
    autocomplete: 'off',
    'aria-invalid': error !== undefined ? 'true' : null,
    'aria-describedby': [error !== undefined && `${id}-error`, `${id}-low`, `${id}-high`].filter(Boolean).join(' '),
  })}>
<input type="range" min="0" max="100" step="1" hidden aria-label="${label}"${attributes({ value, 'data-dial-range': true })}>
<span class="dial-end" id="${id}-low">0 ${low}</span><span class="dial-end" id="${id}-high">100 ${high}</span></div>`
}

export interface PersonalityDeleteView {
  readonly id: string
  readonly name: string
  readonly usedBy: readonly { readonly name: string }[]
}

export function personalityDeleteView({ id, name, usedBy }: PersonalityDeleteView): Html {
  return deleteForm({
    href: `/personality/${id}`,
    title: html`Delete <bdi>${name}</bdi>?`,
    words: html`${usedBy.length === 0 ? 'No character uses it.' : html`<bdi>${namesOf(usedBy)}</bdi> will go on without a personality.`} It is deleted for good.`,
    label: 'Delete personality',
  })
}
