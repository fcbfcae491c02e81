/** What an event is called: what it means that went well, that was tried and did not work, that was not even tried. */
export interface EventSaid {
  readonly ok: string
  readonly failed?: string
  readonly limited?: string
}

/** What has happened to an account, for the person whom it concerns, by the name of the event in the log. */
export const events = {
  names: {
    register: { ok: 'Account made' },
    sign_in: {
      ok: 'Signed in',
      failed: 'Somebody tried a wrong password',
      limited: 'A sign-in was turned away: too many wrong passwords',
    },
    sign_out: { ok: 'Signed out' },
    token_sign_in: {
      ok: 'A program signed in',
      failed: 'A program tried a wrong password',
      limited: 'A program was turned away: too many wrong passwords',
    },
    token_refresh: { ok: 'A program went on with new tokens' },
    token_reuse: {
      ok: 'A program was signed out',
      failed: 'A program was signed out, since a token that it had used came again: somebody may have copied it',
    },
    token_sign_out: { ok: 'A program signed out' },
    device_named: { ok: 'A device was given a name' },
    program_allowed: {
      ok: 'A program was let in by its code',
      failed: 'A code of a program was not right',
      limited: 'A code of a program was turned away: too many wrong ones',
    },
    program_refused: { ok: 'A program that had a code was not let in' },
    personal_token_made: { ok: 'A token for programs was made' },
    personal_token_revoked: { ok: 'A token for programs was revoked' },
    doors_shut: { ok: 'Everything but one browser was shut: devices, programs, links' },
    session_ended: { ok: 'Devices were signed out' },
    password_changed: {
      ok: 'Password changed',
      failed: 'The current password was not right when it was to be changed',
    },
    password_reset: { ok: 'Password set by a one-time link' },
    reset_link_made: { ok: 'A one-time link for a new password was made' },
    profile_changed: { ok: 'Name changed' },
    username_changed: { ok: 'User name changed' },
    address_confirmed: { ok: 'E-mail address confirmed', failed: 'A wrong code was given for the e-mail address' },
    address_change_asked: { ok: 'A change of the e-mail address was begun' },
    address_changed: { ok: 'E-mail address changed' },
    taken_back: { ok: 'The account was taken back by the link of a notice; everything was signed out' },
    second_factor: {
      ok: 'The second step of a sign-in was passed',
      failed: 'Somebody with the right password gave a wrong code',
    },
    step_up: { ok: 'You showed once more that it is you', failed: 'Somebody signed in did not show that it is you' },
    authenticator_added: { ok: 'Authenticator added' },
    authenticator_removed: { ok: 'Authenticator removed' },
    recovery_codes_made: { ok: 'New recovery codes made' },
    recovery_code_used: { ok: 'A recovery code was used' },
    device_trusted: { ok: 'A device was trusted: it is asked for no code' },
    device_not_trusted: { ok: 'A device is trusted no longer' },
    passkey_added: { ok: 'Passkey added' },
    passkey_renamed: { ok: 'Passkey renamed' },
    passkey_removed: { ok: 'Passkey removed' },
    passkey_copied: {
      ok: 'A passkey was refused',
      failed: 'A passkey was refused, since its counter went back: somebody may have copied it',
    },
    security_key_added: { ok: 'Security key added' },
    security_key_renamed: { ok: 'Security key renamed' },
    security_key_removed: { ok: 'Security key removed' },
    security_key_copied: {
      ok: 'A security key was refused',
      failed: 'A security key was refused, since its counter went back: somebody may have copied it',
    },
    provider_linked: { ok: 'An account elsewhere was linked: it can sign you in' },
    provider_unlinked: { ok: 'An account elsewhere was unlinked' },
    account_approved: { ok: 'Account approved' },
    account_declined: { ok: 'Account declined and deleted' },
    invitation_made: { ok: 'An invitation was made' },
    invitation_withdrawn: { ok: 'An invitation was withdrawn' },
    invitation_used: { ok: 'The account was made by an invitation' },
    account_disabled: { ok: 'Account disabled' },
    account_enabled: { ok: 'Account enabled' },
    admin_role_given: { ok: 'Made an administrator' },
    admin_role_taken: { ok: 'No administrator any more' },
    admin_act: { ok: 'Something was done as an administrator' },
    log_exported: { ok: 'The log of all accounts was exported' },
    failures_forgotten: { ok: 'Failed sign-ins forgotten' },
    second_factor_removed: { ok: 'Every authenticator, recovery code and security key removed' },
    second_factor_demanded: { ok: 'Second step demanded' },
    second_factor_demand_withdrawn: { ok: 'Second step demanded no longer' },
    account_imported: { ok: 'Account taken over from another program' },
    export_made: { ok: 'An archive of all data was made' },
    account_leaving: { ok: 'Account closed, to be deleted' },
    account_restored: { ok: 'Account kept: it is not deleted' },
    account_deleted: { ok: 'Account deleted' },
    cross_site_request: { ok: 'A request of another site was refused' },
  },
  /** The same where it is not the person who reads. */
  others: {
    step_up: { ok: 'Showed once more who it is', failed: 'Somebody signed in did not show who it is' },
  },
  by: {
    administrator: (said: string) => `${said} by an administrator`,
    operator: (said: string) => `${said} by the people who run this server`,
  },
  reason: (reason: string) => `. Reason: ${reason}`,
  /** What an administrator did, in the administrator's own log. */
  own: (did: string) => `As an administrator: ${did}`,
  ownFor: (whom: string, did: string) => `As an administrator, for ${whom}: ${did}`,
  deletedAccount: (account: string) => `account ${account}, which is deleted`,
}
