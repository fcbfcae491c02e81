const rules = new Map<string, Intl.PluralRules>()

/** "1 conversation", "3 conversations" in the language `lang` (BCP 47), by the CLDR category of the number. */
export function plural(
  lang: string,
  count: number,
  forms: { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>,
): string {
  const rule = rules.get(lang) ?? new Intl.PluralRules(lang)
  rules.set(lang, rule)
  return `${count.toLocaleString(lang)} ${forms[rule.select(count)] ?? forms.other}`
}
