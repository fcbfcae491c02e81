import { hash } from 'node:crypto'

/** A row of another program's users table, as it was read. `null`: the row has no such value, or none that can be read. */
export interface PersonToImport {
  /** The id in the source, in digits: it may be larger than any number of ours. */
  readonly sourceId: string
  readonly username: string | null
  readonly email: string | null
  readonly passwordHash: string | null
  /** `YYYY-MM-DD HH:MM:SS`, with a fraction or without, in UTC. */
  readonly createdAt: string | null
  readonly lastLogin: string | null
  readonly isActive: boolean | null
}

/** What was decided about a row that could not be taken over just as it is. */
export type ImportDecision =
  /** There is no name, or nobody could be reached by it: it was made up. */
  | 'name_made_up'
  /** An account here has this very name: the imported one got a number behind it. */
  | 'name_numbered'
  /** Longer than a database can find: only its start is kept, with a number. */
  | 'name_too_long'
  /** Holds an `@`: as an address it means whoever has that address. */
  | 'name_is_an_address'
  /** Differs from another name in capitals or in its Unicode form only: works when spelled exactly. */
  | 'name_has_a_twin'
  /** The twin that every other spelling means. */
  | 'name_leads_twins'
  /** Is no name that a new account could have: kept as it is. */
  | 'name_is_odd'
  | 'name_has_blanks_around'
  | 'name_is_reserved'
  | 'address_missing'
  /** An account here has this very address: the imported one has none. */
  | 'address_taken'
  | 'address_too_long'
  | 'address_has_a_twin'
  | 'address_leads_twins'
  /** No mail could reach it: kept as it is. */
  | 'address_is_none'
  | 'address_has_blanks_around'
  | 'id_taken'
  /** No known format: no password opens the account. */
  | 'hash_unknown'
  | 'password_missing'
  | 'created_unknown'
  | 'last_login_unreadable'
  /** Neither active nor disabled: disabled, since nobody must get in by a gap. */
  | 'active_unknown'
  /** A character that text columns cannot hold was replaced. */
  | 'characters_replaced'

/** What became, or would become, of a row. */
export interface PersonImported {
  readonly source: PersonToImport
  /** `before`: an earlier import took this row, and this one leaves it alone. */
  readonly outcome: 'imported' | 'before'
  /** The id here. Null in a preview for a row that gets a new one. */
  readonly userId: number | null
  readonly username: string
  /** Null for an account without an address. */
  readonly email: string | null
  readonly isActive: boolean
  readonly decisions: readonly ImportDecision[]
  /** What the person can type as the name at sign-in, the plainest first. */
  readonly signsInWith: readonly string[]
}

/** Names a row in all imports of its source. A hash: the account may be deleted here, and then its name must not stay. */
export const sourceKey = ({ sourceId, username, email }: PersonToImport): Buffer =>
  hash('sha256', JSON.stringify([sourceId, username, email]), 'buffer')
