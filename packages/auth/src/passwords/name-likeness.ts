/** What a person is called here; a password must be more than that. */
export interface NamedPerson {
  readonly username: string
  readonly email: string | null
}

/** Digits that may stand around a name in a trivial change: enough for a date of birth. */
const MOST_DIGITS = 8
/** Shorter names are too easily found in other words: they count only as they are, without digits taken off. */
const LEAST_STEM = 3

/** The usual digits and signs for letters. `l` and `1` stand for `i` in names and passwords alike, so that they meet. */
const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  l: 'i',
}

interface Sign {
  readonly letter: string
  readonly kind: 'letter' | 'digit' | 'sign'
}

/**
 * Whether a password is nothing but the person's user name, e-mail address, the part of it before the `@`, or the name of this
 * site, or a trivial change of them (PW-05). Trivial is: other case or accents; signs and blanks anywhere; the usual digits and
 * signs for letters; up to eight digits more; the name backwards, repeated, or beside another of these names; a user name
 * without the digits at its end. A password with any other letter in it is no trivial change.
 */
export function isLikeName(password: string, person: NamedPerson): boolean {
  const signs = read(password)
  const text = signs.map(({ letter }) => letter).join('')
  const words = wordsOf(person)
  // fewest[i]: the fewest extra digits with which the first i characters are names, digits and signs; with a name or without.
  const fewest = Array.from({ length: text.length + 1 }, () => ({ without: Infinity, withName: Infinity }))
  fewest[0] = { without: 0, withName: Infinity }
  for (const [i, sign] of signs.entries()) {
    const here = fewest[i]
    if (!here) continue
    if (sign.kind !== 'letter') {
      const extra = sign.kind === 'digit' ? 1 : 0
      reach(i + 1, here.without + extra, here.withName + extra)
    }
    for (const word of words) {
      if (text.startsWith(word, i)) reach(i + word.length, Infinity, Math.min(here.without, here.withName))
    }
  }
  return (fewest[text.length]?.withName ?? Infinity) <= MOST_DIGITS

  function reach(place: number, without: number, withName: number): void {
    const there = fewest[place]
    if (!there) return
    there.without = Math.min(there.without, without)
    there.withName = Math.min(there.withName, withName)
  }
}

function wordsOf({ username, email }: NamedPerson): Set<string> {
  const local = email?.split('@')[0] ?? ''
  const names = [username, email ?? '', (email ?? '').replace('@', ''), local, local.split('+')[0] ?? '', 'miachat']
  const words = names.map(spell)
  for (const name of [username, local]) {
    const stem = spell(name.replace(/[^\p{L}]+$/u, ''))
    if (stem.length >= LEAST_STEM) words.push(stem)
  }
  return new Set(words.flatMap((word) => (word === '' ? [] : [word, [...word].reverse().join('')])))
}

function spell(text: string): string {
  return read(text)
    .map(({ letter }) => letter)
    .join('')
}

/** Letters, digits and signs that stand for letters, each as one UTF-16 unit or pair; everything else is left out. */
function read(text: string): Sign[] {
  const folded = text.normalize('NFKD').toLowerCase()
  const signs: Sign[] = []
  for (const character of folded) {
    const kind = /\p{L}/u.test(character) ? 'letter' : /\p{N}/u.test(character) ? 'digit' : 'sign'
    const letter = leet[character] ?? (kind === 'sign' ? '' : character)
    // By units, so that places in the list are places in the text.
    for (const unit of letter.split('')) signs.push({ letter: unit, kind })
  }
  return signs
}
