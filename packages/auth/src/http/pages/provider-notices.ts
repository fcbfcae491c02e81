import type { ErrorCode } from '../../lib/errors.ts'
import type { Providers } from '../../providers/providers.ts'
import type { Notice } from '../views/layout.ts'

/** Why a way to a provider came to nothing, in words for who came back. */
const words: Partial<Record<ErrorCode, (label: string) => string>> = {
  provider_refused: (label) => `${label} did not sign you in, or you stopped it there. Try again, or use another way.`,
  provider_not_fresh: (label) =>
    `${label} did not say that you have just shown who you are there. Sign out here and in again: that counts for 10 minutes.`,
  provider_failed: (label) =>
    `${label} cannot be reached at the moment, or its answer was not valid. Try again in a minute, or use another way.`,
  sign_in_expired: () =>
    'That sign-in took too long, was finished already, or was begun in another browser. Start again.',
  invalid_credentials: (label) => `That account at ${label} does not open an account here.`,
  registration_closed: (label) =>
    `No account here is linked to that one at ${label}, and this server takes no new accounts. If you have one, sign in and link ${label} in your settings.`,
  invitation_required: (label) =>
    `No account here is linked to that one at ${label}, and a new one needs an invitation. If you have an account, sign in and link ${label} in your settings.`,
  link_invalid: () => 'That invitation has been used, was withdrawn or has expired. Ask for another one.',
  invalid_fields: (label) => `Your invitation is for another address than that of your account at ${label}.`,
  email_taken: (label) =>
    `An account here has the address of yours at ${label}. Sign in to it, then link ${label} in your settings.`,
  identity_taken: (label) => `That account at ${label} is linked to another account here. Unlink it there first.`,
  last_way_in: () => 'This is your only way in. Set a password before you unlink it.',
  too_many_attempts: () => 'Too many attempts. Wait a while and start again.',
}

/** What a page says to who came back from a provider without a result. Our own sentences only: an address never brings its own. */
export function providerNotice(query: URLSearchParams, providers: Providers): Notice | null {
  const why = query.get('why')
  const found = Object.entries(words).find(([code]) => code === why)
  if (!found) return null
  const label = providers.find(query.get('provider') ?? '')?.label ?? 'the other service'
  return { kind: 'warning', text: found[1](label) }
}
