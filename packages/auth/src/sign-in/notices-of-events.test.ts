import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AuditEventName, auditEventNames } from '../audit/audit.ts'
import { english } from '../words/words.ts'

/** Events whose owner gets no letter, and why. An event that is not here has one of its name. */
const untold: Partial<Readonly<Record<AuditEventName, string>>> = {
  register: 'the person is there; the letter that confirms the address tells of the account',
  sign_in: 'told where the device is new (new_device), and ten failures (failures)',
  sign_out: 'opens nothing',
  token_sign_in: 'told where the device is new (new_device)',
  token_refresh: 'goes on with what was told',
  token_reuse: 'ends the program; it stands in the log',
  token_sign_out: 'opens nothing',
  device_named: 'opens nothing',
  program_allowed: 'the sign-in that follows is told (new_device)',
  program_refused: 'opens nothing',
  doors_shut: 'takes ways away, from the browser that asked',
  profile_changed: 'no credential',
  address_change_asked: 'told to both addresses by letters of its own',
  taken_back: 'done by the link of a letter',
  second_factor: 'part of a sign-in',
  step_up: 'part of a change, which is told',
  device_trusted: 'part of a sign-in',
  device_not_trusted: 'takes a way away',
  passkey_renamed: 'opens nothing',
  security_key_renamed: 'opens nothing',
  account_approved: 'told by a letter of its own',
  account_declined: 'told by a letter of its own',
  invitation_made: 'of nobody’s account yet',
  invitation_withdrawn: 'of nobody’s account yet',
  invitation_used: 'part of a registration',
  admin_act: 'the account that it was done to is told',
  account_imported: 'nobody has been there yet',
  account_deleted: 'told when it was closed (account_leaving), days before',
  cross_site_request: 'was refused',
}

test('LOG-09, CHG-02: every event of an account either has a letter or is one of those that need none', () => {
  const told = new Set(Object.keys({ ...english.notices, ...english.administered }))
  assert.deepEqual(
    auditEventNames.filter((event) => untold[event] === undefined && !told.has(event)),
    [],
    'an event without a letter',
  )
  assert.deepEqual(
    auditEventNames.filter((event) => untold[event] !== undefined && told.has(event)),
    [],
    'an event that has one and is said to need none',
  )
})
