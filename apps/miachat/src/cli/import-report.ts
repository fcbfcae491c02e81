import type { ImportDecision, PersonImported } from '@miachat/auth'
import { count, quoted } from './terminal-text.ts'

/** What each decision means, in words. */
const sentences: Readonly<Record<ImportDecision, (person: PersonImported) => string>> = {
  name_made_up: ({ username }) => `The name could not be used to sign in; it is ${quoted(username)} now.`,
  name_numbered: ({ username }) => `Somebody here has this name already; it is ${quoted(username)} now.`,
  name_too_long: ({ username }) => `The name is longer than a database can find; it is ${quoted(username)} now.`,
  name_is_an_address: () =>
    'The name is an e-mail address. Who types it means the person with that address, so the name is kept but cannot ' +
    'be used in place of somebody’s address.',
  name_has_a_twin: () =>
    'The name differs from another one only in capitals or in the form of its letters; it is kept.',
  name_leads_twins: () =>
    'Another name differs from this one only in capitals or in the form of its letters; other spellings mean this one.',
  name_is_odd: () => 'New accounts could not have such a name; it is kept.',
  name_has_blanks_around: () =>
    'The name has blanks around it; they are kept and need not be typed while no other name is the same without them.',
  name_is_reserved: ({ username }) =>
    `${quoted(username)} sounds like a part of the server, and new accounts cannot have it; it is kept.`,
  address_missing: () => 'There is no address; the account has none.',
  address_taken: () => 'Somebody here has this address already, and keeps it; this account has none.',
  address_too_long: () => 'The address is longer than any address can be; the account has none.',
  address_has_a_twin: () => 'The address differs from another one only in capitals; it is kept.',
  address_leads_twins: () => 'Another address differs from this one only in capitals; other spellings mean this one.',
  address_is_none: () => 'New accounts could not have such an address, and mail may not reach it; it is kept.',
  address_has_blanks_around: () => 'The address has blanks around it; they are kept and need not be typed.',
  id_taken: ({ source, userId }) =>
    `The number ${source.sourceId} was given to another account here; this one has ${userId === null ? 'a new one' : userId}.`,
  hash_unknown: () => 'The stored password is in no known format: no password opens the account.',
  password_missing: () => 'There is no stored password: no password opens the account.',
  created_unknown: () => 'The time of its making cannot be read; the time of the import stands in.',
  last_login_unreadable: () => 'The time of the last sign-in cannot be read; it is left empty.',
  active_unknown: () => 'It does not say whether the person is active: the account is disabled.',
  characters_replaced: () => 'Characters that a database cannot keep were replaced by a sign of their own (U+FFFD).',
}

/** How this person gets in from now on. */
function wayIn({ isActive, decisions, userId, signsInWith }: PersonImported): string {
  const id = userId === null ? 'NUMBER' : String(userId)
  if (!isActive) return `Does not sign in: disabled. To change that: miachat user enable --id ${id}`
  if (decisions.includes('hash_unknown') || decisions.includes('password_missing')) {
    return `Gets in with a link for a new password: miachat user reset-link --id ${id}`
  }
  return `Signs in with ${signsInWith.map(quoted).join(' or ')} and the old password.`
}

/** The lines about one row that needed a decision. */
function linesOf(person: PersonImported): string[] {
  const { sourceId, username, email } = person.source
  return [
    `id ${sourceId}, name ${quoted(username)}, address ${quoted(email)}`,
    ...person.decisions.map((decision) => `  ${sentences[decision](person)}`),
    `  ${wayIn(person)}`,
  ]
}

/** All that is to be said about an import, a line each. */
export function importReport(people: readonly PersonImported[], file: string, dryRun: boolean): string[] {
  const taken = people.filter(({ outcome }) => outcome === 'imported')
  const decided = taken.filter(({ decisions }) => decisions.length > 0)
  const disabled = taken.filter(({ isActive }) => !isActive).length
  const before = people.length - taken.length
  const verb = dryRun ? 'would be taken over' : taken.length === 1 ? 'is taken over' : 'are taken over'
  return [
    ...decided.flatMap(linesOf),
    ...(decided.length > 0 ? [''] : []),
    [
      `${quoted(file)} holds ${count(people.length, 'person', 'people')}: ${taken.length} ${verb}`,
      before > 0 ? `, ${before} ${before === 1 ? 'was' : 'were'} taken over before` : '',
      '.',
      disabled > 0 ? ` ${disabled} of them ${disabled === 1 ? 'is' : 'are'} disabled.` : '',
      decided.length > 0 ? ` ${count(decided.length, 'row', 'rows')} above needed a decision.` : '',
      taken.length > 0 ? ' Everybody keeps the old password.' : '',
    ].join(''),
    ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
  ]
}
