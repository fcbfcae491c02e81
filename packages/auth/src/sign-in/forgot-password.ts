import { AuthError } from '../lib/errors.ts'
import type { Client } from '../lib/log.ts'
import { forgotAccountCounters, forgotCounters } from '../limits/counters.ts'
import type { Place } from '../limits/limits.ts'
import { resetLetter } from '../mail/letter-texts.ts'
import type { Mail } from '../mail/outbox.ts'
import type { OrderHandler } from '../mail/sender.ts'
import { shownEmail } from '../users/account-names.ts'
import { findAccount } from '../users/find-account.ts'
import { BY_MAIL } from './change-password.ts'
import { hashedName } from './check-password.ts'
import { wordsFor } from './person-language.ts'
import type { SignInContext } from './sign-in-context.ts'

/** By what somebody asks: a name or address as typed, or a link of us that no longer works. */
export type Asked = { readonly identifier: string } | { readonly deadLink: string }

const KIND = 'reset_asked'

/**
 * Somebody has forgotten the password. The request looks nothing up: it takes a place in the limit of its network and
 * writes down what was asked, the same statements for every name, so that neither answer nor time tells who has an account
 * here (RST-01). What follows is done by `resetOrders`, outside the request. Throws `no_mail`, `too_many_attempts`.
 */
export async function askForReset(context: SignInContext, asked: Asked, client: Client): Promise<void> {
  const { mail, limits, changes } = context
  if (mail === null) throw new AuthError('no_mail')
  const place = await limits.take(forgotCounters(client.address))
  const order: Order = { asked, client }
  try {
    await changes.transaction(async (trx) => {
      await limits.giveBack(trx, place, 'failed')
      await mail.order(trx, KIND, JSON.stringify(order))
    })
  } catch (error) {
    await changes.transaction((trx) => limits.giveBack(trx, place, 'undecided')).catch(() => {})
    throw error
  }
}

interface Order {
  readonly asked: Asked
  readonly client: Client
}

/** What the sender does with what `askForReset` has written down. */
export function resetOrders(context: SignInContext, mail: Mail): ReadonlyMap<string, OrderHandler> {
  const handle: OrderHandler = async (text, take) => {
    const { asked, client }: Order = JSON.parse(text)
    const account = await accountOf(context, asked)
    const place = account ? await placeFor(context, account.id) : null
    await context.changes.transaction(async (trx) => {
      // Limits, account, then what belongs to it, as everywhere.
      if (place) await context.limits.giveBack(trx, place, 'failed')
      const row = account && (await context.users.get(trx, account.id))
      if (!(await take(trx)) || !row?.is_active || shownEmail(row.email) === null || !place) return
      const { id, username, email } = row
      const { token, expiresAt } = await context.links.make(trx, id, 'reset_password', BY_MAIL)
      await context.audit.record(trx, { event: 'reset_link_made', result: 'ok', userId: id }, client)
      const url = mail.url('/auth/reset', { token })
      // To the stored address: the typed one may only look like it (RST-05).
      const content = resetLetter({ words: wordsFor(context, row), site: mail.siteName, name: username, url })
      await mail.enqueue(trx, { kind: 'reset_password', userId: id, to: email, content, expiresAt })
    })
    if (account && place) return
    const result = account ? 'limited' : 'failed'
    const subject = !account && 'identifier' in asked ? { subject: hashedName(context, asked.identifier) } : {}
    context.audit.note({ event: 'reset_link_made', result, userId: account?.id ?? null, ...subject }, client)
  }
  return new Map([[KIND, handle]])
}

async function accountOf({ users, links }: SignInContext, asked: Asked) {
  if ('identifier' in asked) return findAccount(users, asked.identifier)
  const userId = await links.formerOwner(asked.deadLink, 'reset_password')
  return userId === null ? undefined : users.findCredentials(userId)
}

/** A place in the budget of letters of an account; null when it is used up, which nobody is told (RST-08). */
async function placeFor({ limits }: SignInContext, userId: number): Promise<Place | null> {
  try {
    return await limits.take(forgotAccountCounters(`user-${userId}`))
  } catch (error) {
    if (error instanceof AuthError && error.code === 'too_many_attempts') return null
    throw error
  }
}
