const rules = new Map<string, Intl.PluralRules>()

/** The forms of a word by the CLDR category of its number; a category that is not given takes `other`. */
export type PluralForms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>

/** "1 day", "3 days" in the language `lang` (BCP 47). */
export function plural(lang: string, count: number, forms: PluralForms): string {
  const rule = rules.get(lang) ?? new Intl.PluralRules(lang)
  rules.set(lang, rule)
  return `${count.toLocaleString(lang)} ${forms[rule.select(count)] ?? forms.other}`
}
