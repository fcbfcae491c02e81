import { SHORTEST_SECRET } from '@miachat/auth'

/** Words of keys that stand in examples, with everything but letters and figures taken out. */
const placeholders: readonly string[] = [
  'changeme',
  'changethis',
  'changeinproduction',
  'changebeforedeploy',
  'defaultsecret',
  'djangoinsecure',
  'examplekey',
  'examplesecret',
  'generateme',
  'insertyour',
  'myjwtsecret',
  'mysecret',
  'placeholder',
  'putyour',
  'replaceme',
  'replacethis',
  'replacewith',
  'secretkeyhere',
  'someverylong',
  'supersecret',
  'topsecret',
  'usesomething',
  'verysecret',
  'xxxxxxxx',
  'yoursecret',
  'yourjwtsecret',
  'your256bitsecret',
  'opensslrandhex',
  // Printed in documents that people copy from: FastAPI's tutorial, jwt.io.
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  'astringsecretatleast256bitslong',
]

/** 16 figures and letters in 32 places show about 14 kinds; below this it was typed, not drawn. */
const FEWEST_KINDS = 8

/** What is wrong with a key, as the end of a sentence; null for one that may be good. Short ones no program takes (SEC-01). */
export function weaknessOf(secret: string): { kind: 'short' | 'guessable'; words: string } | null {
  if (secret.length < SHORTEST_SECRET) {
    return { kind: 'short', words: `has ${secret.length} characters; at least ${SHORTEST_SECRET} are needed` }
  }
  const plain = secret.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (placeholders.some((word) => plain.includes(word))) {
    return { kind: 'guessable', words: 'is a placeholder from an example, which attackers know' }
  }
  if (new Set(secret).size < FEWEST_KINDS || repeats(secret) || isLadder(secret)) {
    return { kind: 'guessable', words: 'is a pattern, which attackers try' }
  }
  return null
}

/** Made of one shorter piece, written again and again. */
const repeats = (secret: string): boolean => {
  const period = (secret + secret).indexOf(secret, 1)
  return period <= secret.length / 2
}

/** Mostly steps to the next letter or figure: abcdef…, 987654…. */
function isLadder(secret: string): boolean {
  const codes = [...secret].map((letter) => letter.codePointAt(0) ?? 0)
  const steps = codes.filter((code, index) => Math.abs(code - (codes[index - 1] ?? Number.NaN)) <= 1)
  return steps.length > secret.length / 2
}
