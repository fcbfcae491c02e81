import { createHash } from 'node:crypto'
import { AuthError } from '@miachat/auth'
import { z } from 'zod'

/** What a form had before it, as `versionOf` names it. A program may leave it out and then writes over whatever is there. */
export const seenVersion = z.string().max(64).optional()

/** A name for this very content: what was changed and changed back is the same again. */
export const versionOf = (content: Readonly<Record<string, unknown>>): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)

/**
 * Of two tabs the later save would drop the earlier one without a word. Throws `conflict` where somebody has not seen what is
 * stored; a save that changes nothing, such as the second of a double click, passes.
 */
export function refuseStale(
  what: 'character' | 'personality',
  { seen, stored, wanted }: { readonly seen: string | undefined; readonly stored: string; readonly wanted: string },
): void {
  if (seen === undefined || seen === stored || wanted === stored) return
  throw new AuthError('conflict', { detail: `This ${what} was changed in another tab. See both versions.` })
}
