import { english, type Words } from '../../words/words.ts'
import { attributes, type Html, html } from './html.ts'

/** What is wrong with one field; `field` is the input's name, '' for the form as a whole. */
export interface FormError {
  readonly field: string
  readonly message: string
}

/** The id of the input with this name: also the target of the links in an error summary. */
export function fieldId(name: string): string {
  return `field-${name.replaceAll('_', '-')}`
}

/** The first message about this field, as `field({error})` wants it. */
export function errorFor(errors: readonly FormError[], name: string): string | undefined {
  return errors.find((error) => error.field === name)?.message
}

export interface FieldOptions {
  readonly words?: Words
  readonly name: string
  readonly label: string
  /** `area` gives a textarea. */
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'number' | 'date' | 'area'
  /** What was typed before. Ignored for passwords: a page never holds one. */
  readonly value?: string
  /** One sentence under the label. */
  readonly hint?: Html | string
  readonly error?: string | undefined
  readonly autocomplete?: string
  readonly inputmode?: 'text' | 'email' | 'numeric' | 'url' | 'search'
  /** False leaves the browser's own "required" check out; the server checks anyway. */
  readonly required?: boolean
  readonly readonly?: boolean
  readonly minlength?: number
  readonly maxlength?: number
  readonly rows?: number
  /** Names are no prose: no capital letters, no corrections. */
  readonly verbatim?: boolean
  /** Language may differ from the page's: let the browser find the direction. */
  readonly dir?: 'auto' | 'ltr'
  /** Word after the label for fields that may stay empty. */
  readonly optional?: boolean
  readonly more?: Readonly<Record<string, string | number | boolean>>
}

/** A label, its hint, its error and its input, tied together for eyes and ears. */
export function field(options: FieldOptions): Html {
  const { name, type = 'text' } = options
  const id = fieldId(name)
  return html`<div class="field${options.error !== undefined && ' field-wrong'}">
<label class="form-label" for="${id}">${options.label}${options.optional === true && html` <span class="label-note">${(options.words ?? english).shell.optional}</span>`}</label>
${hintAndError(id, options)}
${
  type === 'area'
    ? html`<textarea${inputAttributes(id, options)} rows="${options.rows ?? 4}">
${options.value ?? ''}</textarea>`
    : html`<input${attributes({ type, value: type === 'password' ? null : options.value })}${inputAttributes(id, options)}>`
}
</div>`
}

/**
 * A password with a Show/Hide button. Paste and autofill are never hindered (PW-13). The button appears with script
 * only, and the password is hidden again before the form is sent, so that no browser keeps it as ordinary text.
 */
export function passwordField(options: Omit<FieldOptions, 'type' | 'value'> & { readonly after?: Html }): Html {
  const id = fieldId(options.name)
  const { shell } = options.words ?? english
  return html`<div class="field${options.error !== undefined && ' field-wrong'}">
<label class="form-label" for="${id}">${options.label}</label>
${hintAndError(id, options)}
<div class="password">
<input type="password"${inputAttributes(id, { ...options, verbatim: true })}>
<button class="password-toggle" type="button" aria-controls="${id}" aria-pressed="false" data-password-toggle data-show="${shell.show}" data-hide="${shell.hide}" hidden><span data-password-word>${shell.show}</span> <span class="visually-hidden">${shell.shown}</span></button>
</div>
<p class="form-text caps-lock" data-caps-lock="${id}" role="status"></p>
${options.after}
</div>`
}

function hintAndError(
  id: string,
  { words = english, hint, error }: Pick<FieldOptions, 'words' | 'hint' | 'error'>,
): Html {
  return html`${hint !== undefined && html`<p class="form-text" id="${id}-hint">${hint}</p>`}${
    error !== undefined && fieldError(id, error, words)
  }`
}

/** What is wrong with the field of this id, marked for who hears the page: name it in the field's `aria-describedby`. */
export const fieldError = (id: string, error: string, { problems }: Words): Html =>
  html`<p class="field-error" id="${id}-error"><span class="visually-hidden">${problems.mark}</span>${error}</p>`

function inputAttributes(id: string, options: Omit<FieldOptions, 'type' | 'value'>): Html {
  const described = [options.hint !== undefined && `${id}-hint`, options.error !== undefined && `${id}-error`]
  return attributes({
    class: 'form-control',
    id,
    name: options.name,
    autocomplete: options.autocomplete,
    inputmode: options.inputmode,
    required: options.required ?? options.optional !== true,
    readonly: options.readonly,
    minlength: options.minlength,
    maxlength: options.maxlength,
    autocapitalize: options.verbatim === true ? 'none' : null,
    autocorrect: options.verbatim === true ? 'off' : null,
    spellcheck: options.verbatim === true ? 'false' : null,
    dir: options.dir,
    'aria-invalid': options.error !== undefined ? 'true' : null,
    'aria-describedby': described.filter(Boolean).join(' ') || null,
    ...options.more,
  })
}

/**
 * Everything that is wrong, at the top, in the same words as at the fields (after the GOV.UK pattern). It gets the
 * focus by `auth.js`, or by `autofocus` where there is no script.
 */
export function errorSummary(errors: readonly FormError[], heading = english.problems.summary): Html | null {
  const [first] = errors
  if (first === undefined) return null
  const alone = errors.length === 1 && first.field === ''
  return html`<div class="error-summary" role="alert"${attributes({ 'aria-labelledby': alone ? null : 'error-summary-title' })} tabindex="-1" autofocus data-error-summary>
${
  alone
    ? html`<p>${first.message}</p>`
    : html`<h2 id="error-summary-title">${heading}</h2><ul>${errors.map((error) => html`<li>${summaryLine(error)}</li>`)}</ul>`
}
</div>`
}

function summaryLine({ field, message }: FormError): Html | string {
  return field === '' ? message : html`<a href="#${fieldId(field)}">${message}</a>`
}

export interface ButtonOptions {
  readonly label: string
  /** `primary` once a page; `danger` for what cannot be undone. */
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'danger'
  /** What the button says while the answer is on its way: "Signing in…". */
  readonly busy?: string
  readonly name?: string
  readonly value?: string
  /** As wide as the form. */
  readonly wide?: boolean
}

/** A button that sends its form, once. */
export function button({ label, kind = 'primary', busy, name, value, wide = false }: ButtonOptions): Html {
  return html`<button class="btn btn-${kind}${wide && ' btn-wide'}" type="submit"${attributes({ name, value, 'data-busy': busy })}>${label}</button>`
}

export interface CheckOptions {
  readonly name: string
  readonly label: Html | string
  readonly checked?: boolean
  readonly hint?: string
  readonly value?: string
}

/** A tick box with its words to the right of it, all of it clickable. */
export function check({ name, label, checked = false, hint, value = '1' }: CheckOptions): Html {
  const id = fieldId(name)
  return html`<div class="check"><input type="checkbox"${attributes({ id, name, value, checked, 'aria-describedby': hint === undefined ? null : `${id}-hint` })}>
<div><label for="${id}">${label}</label>${hint !== undefined && html`<p class="form-text" id="${id}-hint">${hint}</p>`}</div></div>`
}

export interface SelectOptions {
  readonly words?: Words
  readonly name: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly value?: string
  readonly hint?: string
  readonly error?: string | undefined
}

/** A label and a native list of choices. */
export function select({ words = english, name, label, options, value, hint, error }: SelectOptions): Html {
  const id = fieldId(name)
  return html`<div class="field${error !== undefined && ' field-wrong'}"><label class="form-label" for="${id}">${label}</label>
${hintAndError(id, { words, ...(hint !== undefined && { hint }), error })}
<select class="form-control select"${attributes({
    id,
    name,
    'aria-invalid': error !== undefined ? 'true' : null,
    'aria-describedby':
      [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ') || null,
  })}>
${options.map((option) => html`<option value="${option.value}"${option.value === value && ' selected'}>${option.label}</option>`)}
</select></div>`
}

/** A field that people never see; whoever fills it is a program (L6). Kept from screen readers and password managers. */
export function honeypot(name = 'website', words: Words = english): Html {
  return html`<div class="honeypot" aria-hidden="true"><label>${words.shell.leaveEmpty} <input name="${name}" tabindex="-1" autocomplete="off" value=""></label></div>`
}

export interface FormPageOptions {
  readonly words?: Words
  readonly title: string
  /** A sentence under the title. */
  readonly lead?: Html | string
  readonly errors?: readonly FormError[]
  /** Above the form and below the summary, for example a warning. */
  readonly before?: Html | null
  /** The form itself: exactly one main action. */
  readonly form: Html | null
  /** Quiet links below. */
  readonly after?: Html
}

/** One column, one title, one main action: the frame of every form page. */
export function formPage({ words = english, title, lead, errors = [], before, form, after }: FormPageOptions): Html {
  return html`<div class="form-page">
${errorSummary(errors, words.problems.summary)}
<h1>${title}</h1>
${lead !== undefined && html`<p class="lead">${lead}</p>`}
${before}
${form}
${after !== undefined && html`<div class="form-after">${after}</div>`}
</div>`
}
