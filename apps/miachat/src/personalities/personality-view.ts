import {
  attributes,
  button,
  errorFor,
  errorSummary,
  type FormError,
  field,
  fieldError,
  fieldId,
  type Html,
  html,
  row,
  rowList,
  section,
  type Words,
} from '@miachat/auth/views'
import { bothVersions, deleteForm, emptyState, pageHead } from '../views/pieces.ts'
import { type AppWords, wordsIn } from '../words/words.ts'
import type { PersonalityListed } from './personalities.ts'
import {
  type DialName,
  dialNames,
  dialWord,
  isLeaning,
  mostRules,
  mostWords,
  styleNames,
  traitNames,
} from './personality.ts'
import { type PersonalityFormValues, personalityLengths } from './personality-form.ts'
import { presetPersonalities } from './preset-personalities.ts'

type Say = AppWords['personalities']

export function personalityListView(personalities: readonly PersonalityListed[], words: AppWords): Html {
  const { personalities: say } = words
  return html`${pageHead({
    title: say.title,
    lead: say.lead,
    action: html`<a class="btn btn-primary" href="/personality/new">${say.new}</a>`,
  })}
${
  personalities.length === 0
    ? emptyState({ text: say.none })
    : section({ id: 'mine', title: say.mine, body: rowList(personalities.map((one) => personalityRow(one, say))) })
}
${section({
  id: 'presets',
  title: say.presets,
  intro: say.presetsIntro,
  body: rowList(
    presetPersonalities(words.language).map(({ key, tagline, personality }) =>
      row({ title: personality.name, href: `/personality/new?from=${key}`, text: tagline }),
    ),
  ),
})}`
}

function personalityRow(personality: PersonalityListed, say: Say): Html {
  const { id, name, usedBy } = personality
  const leaning = dialNames
    .filter((dial) => isLeaning(personality.dials[dial]))
    .sort((a, b) => Math.abs(personality.dials[b] - 50) - Math.abs(personality.dials[a] - 50))
    .slice(0, 3)
    .map((dial) => dialWord(dial, personality.dials[dial], say))
  const used = usedBy.length === 0 ? say.usedByNone : say.usedBy(namesOf(usedBy, say))
  const words = [...leaning, used].join(', ')
  return row({ title: name, href: `/personality/${id}`, text: `${words.slice(0, 1).toUpperCase()}${words.slice(1)}` })
}

const namesOf = (characters: readonly { readonly name: string }[], say: Say): string => {
  const shown = characters.slice(0, 3).map(({ name }) => name)
  const rest = characters.length - shown.length
  return rest > 0 ? say.more(shown.join(', '), rest) : shown.join(say.and)
}

export interface PersonalityEditView {
  readonly words: Words
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
  const { words, id, name, version, isStale = false, values, usedBy, preview, errors } = view
  const app = wordsIn(words.language)
  const { personalities: say } = app
  const dialsOf = (legend: string, names: readonly DialName[]) =>
    html`<fieldset class="dials"><legend>${legend}</legend>${names.map((dial) => dialField(dial, values.dials[dial], errorFor(errors, dial), words))}</fieldset>`
  return html`<div class="form-page form-page-wide">
${errorSummary(errors, words.problems.summary)}
${isStale && bothVersions(`/personality/${id}`, app)}
<h1 dir="auto">${id === null ? say.new : name}</h1>
${
  id !== null &&
  html`<p class="soft">${usedBy.length === 0 ? say.unused : html`${say.used.before}${usedBy.map((character, index) => html`${index > 0 && ', '}<a href="/characters/${character.id}" dir="auto">${character.name}</a>`)}${say.used.after}`}</p>
<div class="actions character-actions"><form method="post" action="/personality/${id}/duplicate" data-once><button class="btn btn-quiet" type="submit">${say.duplicate}</button></form>
<a class="btn btn-quiet" href="/personality/${id}/delete">${say.delete}</a></div>`
}
<form method="post" action="${id === null ? '/personality' : `/personality/${id}`}" data-personality data-once${attributes({ 'data-words': JSON.stringify(scriptWords(say)) })}>
${id !== null && html`<input type="hidden" name="id" value="${id}">`}
${version !== '' && html`<input type="hidden" name="version" value="${version}">`}
${field({ words, name: 'name', label: say.name, value: values.name, error: errorFor(errors, 'name'), autocomplete: 'off', dir: 'auto' })}
${dialsOf(say.style, styleNames)}
${dialsOf(say.character, traitNames)}
${field({ words, name: 'words', label: say.free, value: values.words, hint: say.freeHint(mostWords), error: errorFor(errors, 'words'), autocomplete: 'off', dir: 'auto', optional: true })}
${field({ words, name: 'dos', label: say.always, type: 'area', rows: 3, value: values.dos, hint: say.ruleHint(mostRules, personalityLengths.rule), error: errorFor(errors, 'dos'), dir: 'auto', optional: true })}
${field({ words, name: 'donts', label: say.never, type: 'area', rows: 3, value: values.donts, hint: say.ruleHint(mostRules, personalityLengths.rule), error: errorFor(errors, 'donts'), dir: 'auto', optional: true })}
${field({ words, name: 'notes', label: say.notes, type: 'area', rows: 3, value: values.notes, error: errorFor(errors, 'notes'), dir: 'auto', optional: true })}
<section class="preview" aria-labelledby="preview-title"><div class="section-head"><h2 id="preview-title">${say.preview}</h2>
<button class="btn btn-quiet" type="submit" formaction="/personality/preview" formnovalidate data-preview-button>${say.update}</button></div>
<div class="preview-text" dir="auto" data-preview>${preview === '' ? say.nothing : preview}</div></section>
${button({ label: id === null ? say.create : say.save, busy: say.saving, wide: true })}
</form></div>`
}

/** What the slider says by script; `{…}` is filled in there. */
const scriptWords = ({ leaning, nothing }: Say) => ({
  very: leaning.very('{word}'),
  rather: leaning.rather('{word}'),
  balanced: leaning.balanced,
  of: leaning.of('{value}', '{word}'),
  nothing,
})

/** The number box is what counts; the slider beside it appears with script, which keeps the two together. */
function dialField(name: DialName, value: string, error: string | undefined, words: Words): Html {
  const { label, low, high } = wordsIn(words.language).personalities.dials[name]
  const id = fieldId(name)
  return html`<div class="dial${error !== undefined && ' field-wrong'}" data-dial data-low="${low}" data-high="${high}">
<label for="${id}">${label}</label>
${error !== undefined && fieldError(id, error, words)}
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
  readonly words: AppWords
  readonly id: string
  readonly name: string
  readonly usedBy: readonly { readonly name: string }[]
}

export function personalityDeleteView({ words, id, name, usedBy }: PersonalityDeleteView): Html {
  const { personalities: say } = words
  return deleteForm({
    words,
    href: `/personality/${id}`,
    title: html`${say.deleteAsk.before}<bdi>${name}</bdi>${say.deleteAsk.after}`,
    text: html`${usedBy.length === 0 ? say.goesUnused : html`${say.goesUsed.before}<bdi>${namesOf(usedBy, say)}</bdi>${say.goesUsed.after}`}`,
    label: say.deleteSubmit,
  })
}
