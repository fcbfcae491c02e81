import type { SignedIn } from '../sessions/sessions.ts'
import { type Language, type Words, words } from '../words/words.ts'
import type { SignInContext } from './sign-in-context.ts'

/**
 * The words for somebody who is not there: in the language that the person has chosen, else that of the server. Never that of
 * whoever asks, who may be an administrator or a stranger.
 */
export function wordsFor(
  { languages: { offered, fallback } }: Pick<SignInContext, 'languages'>,
  person: { readonly language: string | null } | null,
): Words {
  return words[offered.find((known) => known === person?.language) ?? fallback]
}

/**
 * Pages on every device, and letters, speak this language from now on; null goes back to what browsers ask for. One that the
 * server does not offer is not kept.
 */
export async function chooseLanguage(
  context: SignInContext,
  signedIn: SignedIn,
  language: Language | null,
): Promise<void> {
  const { id: userId, language: before } = signedIn.user
  if (language === before || (language !== null && !context.languages.offered.includes(language))) return
  await context.changes.transaction(async (trx, changed) => {
    await context.users.setLanguage(trx, userId, language)
    changed(userId)
  })
}
