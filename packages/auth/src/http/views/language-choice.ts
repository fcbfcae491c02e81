import { type Language, languageNames, type Words } from '../../words/words.ts'
import { button, select } from './forms.ts'
import { type Html, html } from './html.ts'
import { section } from './lists.ts'

/** The language among the settings of a person, where one can also go back to what each browser asks for (X11). */
export function languageChoice({
  words,
  languages,
  user,
}: {
  readonly words: Words
  readonly languages: readonly Language[]
  readonly user: { readonly language: string | null }
}): Html | null {
  if (languages.length < 2) return null
  const { shell: say } = words
  const browser = { value: 'browser', label: say.asBrowser }
  const value = languages.find((known) => known === user.language) ?? browser.value
  return section({
    id: 'language',
    title: say.language,
    body: html`<form method="post" action="/auth/language" data-once><input type="hidden" name="next" value="/settings#language">
${select({ words, name: 'language', label: say.languageOf, hint: say.languageHint, value, options: [browser, ...languages.map((known) => ({ value: known, label: languageNames[known] }))] })}
${button({ label: say.saveLanguage, kind: 'secondary' })}
</form>`,
  })
}
