/** What a notice says. */
export interface NoticeWords {
  /** Without the name of the site, which is added. */
  readonly subject: string
  readonly sentences: readonly string[]
}

/** What an account's owner is told of by mail. Whoever builds a new way in, or a change of one, adds its row. */
export const notices = {
  password_changed: {
    subject: 'Your password was changed',
    sentences: ['The password of your account was changed. Every other device was signed out.'],
  },
  password_reset: {
    subject: 'Your password was set by a one-time link',
    sentences: ['A new password was set for your account by a one-time link. Every device was signed out.'],
  },
  new_device: {
    subject: 'A sign-in from a new browser',
    sentences: [
      'Somebody signed in to your account from a browser that is new here, or was not used since your password was set.',
    ],
  },
  failures: {
    subject: 'Many wrong passwords for your account',
    sentences: [
      'Somebody has tried ten wrong passwords for your account since you last signed in. None of them opened it.',
      'This is told once, until you sign in again.',
    ],
  },
  username_changed: {
    subject: 'Your user name was changed',
    sentences: [
      'Somebody signed in to your account has changed the user name. The former one is kept for you for 90 days, so that you can go back to it.',
      'The button “This was not me” gives it back, too.',
    ],
  },
  address_changed: {
    subject: 'Your e-mail address was changed',
    sentences: ['Your account has another e-mail address now, which was confirmed. No more letters come to this one.'],
  },
  authenticator_added: {
    subject: 'An authenticator was added',
    sentences: ['An authenticator app was added to your account. Its codes are asked for at the next sign-in.'],
  },
  authenticator_removed: {
    subject: 'An authenticator was removed',
    sentences: [
      'An authenticator app was removed from your account. Every other device was signed out.',
      'With the last one recovery codes and security keys go, too.',
    ],
  },
  second_factor_removed: {
    subject: 'Your second step was removed',
    sentences: [
      'An administrator of this server removed every authenticator, recovery code and security key of your account. Every device was signed out.',
    ],
  },
  second_factor_demanded: {
    subject: 'Please set up a second step',
    sentences: [
      'An administrator of this server asks you to set up a second step at the sign-in. The reason stands in your settings, under “Two-step sign-in”.',
      'After some days nothing else opens without it.',
    ],
  },
  reset_link_made: {
    subject: 'A link for a new password was made',
    sentences: [
      'An administrator of this server made a one-time link with which a new password can be set for your account. Was it not you who asked for it? Then tell the administrator.',
    ],
  },
  authenticator_taken: {
    subject: 'An authenticator was removed',
    sentences: [
      'An administrator of this server removed one of the authenticators of your account. Every device was signed out.',
    ],
  },
  passkey_taken: {
    subject: 'A passkey was removed',
    sentences: [
      'An administrator of this server removed one of the passkeys of your account. Every device was signed out.',
    ],
  },
  security_key_taken: {
    subject: 'A security key was removed',
    sentences: [
      'An administrator of this server removed one of the security keys of your account. Every device was signed out.',
    ],
  },
  recovery_codes_made: {
    subject: 'New recovery codes were made',
    sentences: ['New recovery codes were made for your account. The former ones do not work any more.'],
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    sentences: ['One of the recovery codes of your account was used. That code is used up.'],
  },
  personal_token_made: {
    subject: 'A token for programs was made',
    sentences: [
      'A token was made for your account. A program that has it can do what you allowed it, without your password.',
    ],
  },
  personal_token_revoked: {
    subject: 'A token for programs was revoked',
    sentences: ['A token of your account was revoked. The program that has it can do nothing with it any more.'],
  },
  passkey_added: {
    subject: 'A passkey was added',
    sentences: ['A passkey was added to your account. It signs in without a password.'],
  },
  passkey_removed: {
    subject: 'A passkey was removed',
    sentences: ['A passkey was removed from your account. Every other device was signed out.'],
  },
  passkey_copied: {
    subject: 'A passkey was refused',
    sentences: [
      'A passkey of your account was refused, since its counter went back: somebody may have copied it.',
      'If you do not know why, remove it in the settings and make a new one.',
    ],
  },
  security_key_added: {
    subject: 'A security key was added',
    sentences: ['A security key was added to your account. It does for the second step, after the password.'],
  },
  security_key_removed: {
    subject: 'A security key was removed',
    sentences: ['A security key was removed from your account. Every other device was signed out.'],
  },
  security_key_copied: {
    subject: 'A security key was refused',
    sentences: [
      'A security key of your account was refused, since its counter went back: somebody may have copied it.',
      'If you do not know why, remove it in the settings and add another one.',
    ],
  },
  export_made: {
    subject: 'An archive of your data was made',
    sentences: ['Somebody signed in to your account has had an archive made of everything that is kept of you.'],
  },
  log_exported: {
    subject: 'The log of all accounts was exported',
    sentences: ['Somebody signed in to your account has fetched the log of all accounts as a file.'],
  },
  account_leaving: {
    subject: 'Your account is closed',
    sentences: [
      'Somebody signed in to your account has asked to delete it. Every device was signed out.',
      'To keep it, sign in before it is deleted.',
    ],
  },
  account_restored: {
    subject: 'Your account is open again',
    sentences: ['Your account was to be deleted. Somebody has signed in and kept it.'],
  },
  provider_linked: {
    subject: 'An account elsewhere can now sign you in',
    sentences: [
      'An account of another service was linked to yours. Whoever signs in there can open your account here.',
    ],
  },
  provider_unlinked: {
    subject: 'An account elsewhere was unlinked',
    sentences: ['An account of another service was unlinked from yours. Every other device was signed out.'],
  },
} satisfies Readonly<Record<string, NoticeWords>>

/** What people are told of by mail that an administrator did, where there is nothing that a link could undo. */
export const administered = {
  account_disabled: {
    subject: 'Your account was disabled',
    sentences: [
      'An administrator of this server disabled your account. Every device was signed out, and nobody can sign in with it.',
    ],
  },
  account_enabled: {
    subject: 'Your account is enabled again',
    sentences: ['An administrator of this server enabled your account. You can sign in again.'],
  },
  second_factor_demand_withdrawn: {
    subject: 'No second step is asked of you any more',
    sentences: ['An administrator of this server does not ask you any more to set up a second step at the sign-in.'],
  },
  address_confirmed: {
    subject: 'Your e-mail address is confirmed',
    sentences: ['An administrator of this server marked the e-mail address of your account as confirmed.'],
  },
  session_ended: {
    subject: 'You were signed out',
    sentences: ['An administrator of this server signed a device of yours out, or all of them. You can sign in again.'],
  },
  failures_forgotten: {
    subject: 'Failed sign-ins to your account were forgotten',
    sentences: [
      'An administrator of this server let you try again after too many wrong passwords or codes. If you did not ask for it, tell them.',
    ],
  },
  admin_role_given: {
    subject: 'You are an administrator',
    sentences: ['An administrator of this server made you an administrator too. Sign in again.'],
  },
  admin_role_taken: {
    subject: 'You are no administrator any more',
    sentences: ['An administrator of this server took the role of an administrator from your account.'],
  },
} satisfies Readonly<Record<string, NoticeWords>>
