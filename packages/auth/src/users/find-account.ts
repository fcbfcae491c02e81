import { canonical } from './account-names.ts'

/** Finds an account by one column. */
export interface AccountFinders<Account> {
  findByUsername(value: string): Promise<Account | undefined>
  findByEmail(value: string): Promise<Account | undefined>
  findByUsernameKey(value: string): Promise<Account | undefined>
  findByEmailKey(value: string): Promise<Account | undefined>
}

/**
 * Finds the one account that a typed name or address means, in a fixed order: the exact spelling first, so that imported
 * twins each reach their own account, then the canonical form. Something with an `@` is an address before it is a name:
 * nobody can shut another person out by having taken their address as a name (LOG-01, O15).
 */
export async function findAccount<Account>(
  store: AccountFinders<Account>,
  identifier: string,
): Promise<Account | undefined> {
  // PostgreSQL cannot even be asked for it.
  if (identifier.includes('\0')) return undefined
  const form = typedForm(identifier)
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

/** Keys that start with `#` are made by us for imported twins and reach nobody when they are typed. No key is empty. */
function typedForm(identifier: string): string {
  const form = canonical(identifier)
  return form.startsWith('#') ? '' : form
}
