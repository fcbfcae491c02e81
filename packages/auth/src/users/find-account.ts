import { canonical } from './account-names.ts'
import type { Credentials, createUserStore } from './user-store.ts'

type Finders = Pick<
  ReturnType<typeof createUserStore>,
  'findByUsername' | 'findByEmail' | 'findByUsernameKey' | 'findByEmailKey'
>

/**
 * Finds the one account that a typed name or address means, in a fixed order: the exact spelling first, so that imported
 * twins each reach their own account, then the canonical form. Something with an `@` is an address before it is a name:
 * nobody can shut another person out by having taken their address as a name (LOG-01, O15).
 */
export async function findAccount(store: Finders, identifier: string): Promise<Credentials | undefined> {
  const form = canonical(identifier)
  const steps = identifier.includes('@')
    ? [
        () => store.findByEmail(identifier),
        () => store.findByEmailKey(form),
        () => store.findByUsername(identifier),
        () => store.findByUsernameKey(form),
      ]
    : [
        () => store.findByUsername(identifier),
        () => store.findByUsernameKey(form),
        () => store.findByEmail(identifier),
        () => store.findByEmailKey(form),
      ]
  // All of them, always: how many were needed must not show in the time (LOG-03).
  const found = (await Promise.all(steps.map((step) => step()))).find((account) => account !== undefined)
  if (found) return found
  // A blank that a keyboard added: only when nobody has the name with it.
  return identifier.trim() === identifier ? undefined : findAccount(store, identifier.trim())
}
