import { type AccountEvent, type AuditEventName, auditEventNames, type LoggedEvent } from '../../audit/audit.ts'
import type { EventSaid } from '../../words/en/events.ts'
import { english, type Words } from '../../words/words.ts'

const saidOf = (words: Words, event: AuditEventName): EventSaid => words.events.names[event]

/** What is called something else where it is not the person who reads. */
const otherOf = ({ events }: Words, event: AuditEventName): EventSaid | undefined =>
  event === 'step_up' ? events.others.step_up : undefined

/** What an event means that went well, in words: "Signed in". */
export const eventLabel = (event: AuditEventName, words: Words = english): string =>
  (otherOf(words, event) ?? saidOf(words, event)).ok

/** An event of the log of all accounts in words; a word of another version of the program as it is. */
export function loggedWords(
  { event, result, actor, detail }: Pick<LoggedEvent, 'event' | 'result' | 'actor' | 'detail'>,
  words: Words = english,
): string {
  const known = auditEventNames.find((name) => name === event)
  if (!known) return event
  const other = otherOf(words, known)
  return other ? outcome(other, result) : eventWords({ event: known, result, actor, detail }, words)
}

/** An event of the account's history in words: "Signed in". */
export function eventWords(
  {
    event,
    result,
    actor,
    detail = {},
  }: Pick<AccountEvent, 'event' | 'result' | 'actor'> & Partial<Pick<AccountEvent, 'detail'>>,
  words: Words = english,
): string {
  if (event === 'admin_act') return ownActWords(detail, words)
  const said = outcome(saidOf(words, event), result)
  if (actor === null) return said
  const { by } = words.events
  return `${actor.startsWith('administrator') ? by.administrator(said) : by.operator(said)}${reasonWords(detail, words)}`
}

function outcome({ ok, failed = ok, limited = failed }: EventSaid, result: LoggedEvent['result']): string {
  if (result === 'ok') return ok
  return result === 'limited' ? limited : failed
}

/** What an administrator did, in the administrator's own log: "As an administrator, for anna: Account disabled". */
function ownActWords(detail: AccountEvent['detail'], words: Words): string {
  const { act, account, name } = detail
  const { own, ownFor, deletedAccount } = words.events
  const done = auditEventNames.find((one) => one === act)
  if (!done) return saidOf(words, 'admin_act').ok
  const whom = name ?? (account === undefined ? undefined : deletedAccount(String(account)))
  const did = saidOf(words, done).ok
  return `${whom === undefined ? own(did) : ownFor(String(whom), did)}${reasonWords(detail, words)}`
}

const reasonWords = ({ reason }: AccountEvent['detail'], words: Words): string =>
  reason ? words.events.reason(String(reason)) : ''
