const rules = new Map<string, Intl.PluralRules>()

/** The forms of a word by the CLDR category of its number; a category that is not given takes `other`. */
export type PluralForms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>

/** "1 day", "3 days" in the language `lang` (BCP 47). */
export function plural(lang: string, count: number, forms: PluralForms): string {
  const rule = rules.get(lang) ?? new Intl.PluralRules(lang)
  rules.set(lang, rule)
  // All our languages write these alike, and the first number that Intl writes takes 17 ms and 7 MB.
  const digits = Number.isInteger(count) && Math.abs(count) < 1000 ? String(count) : count.toLocaleString(lang)
  return `${digits} ${forms[rule.select(count)] ?? forms.other}`
}
