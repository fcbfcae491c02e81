/** Every way in which the library says no: one code, one status, one sentence for people. `docs/errors.md` lists them. */
export const errorCodes = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  unsupported_token_type: {
    status: 400,
    title: 'A personal token does not end by a sign-out: its owner revokes it at /settings/tokens',
  },
  not_signed_in: { status: 401, title: 'Not signed in' },
  invalid_credentials: { status: 401, title: 'That user name or password is not right' },
  second_factor_required: { status: 401, title: 'A code of your authenticator is needed' },
  second_factor_enrolment_required: {
    status: 401,
    title: 'This server demands a second step at the sign-in: set one up first, in a browser',
  },
  wrong_code: { status: 401, title: 'That code is not right, or was used before' },
  sign_in_expired: { status: 401, title: 'This sign-in has ended; sign in again' },
  invalid_token: { status: 401, title: 'This token is not valid' },
  invalid_refresh_token: { status: 401, title: 'This refresh token is not valid' },
  passkey_refused: { status: 401, title: 'That passkey was not accepted' },
  wrong_current_password: { status: 403, title: 'The current password is not right' },
  account_leaving: { status: 403, title: 'This account is about to be deleted' },
  step_up_required: { status: 403, title: 'Show once more that it is you' },
  second_factor_setup_required: {
    status: 403,
    title: 'A second step at the sign-in is needed: set one up first',
  },
  address_unconfirmed: { status: 403, title: 'Confirm your e-mail address first' },
  cross_site_request: { status: 403, title: 'This request came from another site' },
  insufficient_scope: { status: 403, title: 'This token is not allowed to do that' },
  forbidden: { status: 403, title: 'Not allowed' },
  provider_refused: { status: 403, title: 'The provider did not sign you in' },
  provider_not_fresh: { status: 403, title: 'The provider did not say that you have just shown who you are' },
  account_waiting: { status: 403, title: 'Your account waits for approval' },
  invitation_required: { status: 403, title: 'A new account needs an invitation here' },
  registration_closed: { status: 403, title: 'This server takes no new accounts' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  username_taken: { status: 409, title: 'That user name is taken' },
  email_taken: { status: 409, title: 'That address already has an account' },
  identity_taken: { status: 409, title: 'That account at the provider belongs to another account here' },
  second_factor_demanded: {
    status: 409,
    title: 'A second step is demanded of this account: add another before you remove this one',
  },
  last_way_in: { status: 409, title: 'This is your only way in. Add another before you remove it' },
  no_mail: { status: 409, title: 'This server cannot send e-mail' },
  last_admin: { status: 409, title: 'This is the only administrator. Make somebody else one first' },
  passkeys_unavailable: { status: 409, title: 'Passkeys do not work under this server’s address' },
  limit_reached: { status: 409, title: 'There is no room for another' },
  conflict: { status: 409, title: 'This was changed in the meantime' },
  body_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'This address does not take that kind of content' },
  misdirected_request: { status: 421, title: 'This server has another address' },
  invalid_fields: { status: 422, title: 'Please check what you entered' },
  link_invalid: { status: 422, title: 'This link has been used or has expired' },
  provider_failed: { status: 424, title: 'The provider gave no valid answer' },
  too_many_attempts: { status: 429, title: 'Too many attempts' },
  internal_error: { status: 500, title: 'Something went wrong on this server' },
  overloaded: { status: 503, title: 'This server is busy' },
  store_unavailable: { status: 503, title: 'This server cannot reach its data' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errorCodes

/** What can be wrong with one field of a form or body: the `code` of its entry in `errors`. */
export const fieldCodes = {
  required: 'nothing was given',
  wrong_type: 'a number, list or object where text is wanted',
  invalid: 'not one of the values that are taken',
  too_short: 'fewer characters than needed',
  too_long: 'more characters than fit',
  username_length: 'a new user name has 3 to 32 characters',
  username_characters:
    'a new user name has letters a to z, digits, dots, hyphens and underscores, and starts with a letter or digit',
  username_reserved: 'a name that is kept for the server',
  username_taken: 'somebody has that user name, or one that differs in capital letters only',
  email_invalid: 'no e-mail address',
  email_too_long: 'an address of more than 254 characters',
  email_same: 'the account has that address already',
  username_same: 'the account has that user name already',
  email_taken: 'that address already has an account',
  email_not_invited: 'the invitation is for another address',
  password_too_short: 'fewer characters than PASSWORD_MIN_LENGTH',
  password_too_long: 'more than 1024 bytes in UTF-8',
  password_common: 'in the list of common passwords',
  password_is_name: 'the user name, the address or the name of the site, or a trivial change of one',
  password_malformed: 'half of a character, which cannot be stored',
  wrong_current_password: 'the current password is not right',
  nobody: 'nobody has that name, address or number',
  not_your_name: 'not the user name of the account that is signed in',
  wrong_code: 'a code of an authenticator, a letter or a program that is not right, or was used before',
  code_expired: 'the code of a letter has ended, or had too many wrong tries',
} as const

export type FieldCode = keyof typeof fieldCodes

/** What is wrong with one field of a form or body. `code` is for programs, `message` for people. */
export interface FieldError {
  readonly field: string
  /** One of `fieldCodes`, or a code of the host app's own. */
  readonly code: FieldCode | (string & {})
  readonly message: string
}

export interface AuthErrorOptions {
  /** A sentence for people; the code's title where nothing better is known. Never holds a secret. */
  readonly detail?: string
  /** Seconds until a new try makes sense: sent as Retry-After. */
  readonly retryAfter?: number
  readonly fields?: readonly FieldError[]
  /** The sign-in that waits for its second step, with `second_factor_required`. */
  readonly pending?: { readonly token: string; readonly methods: readonly string[] }
  /** For the log only, never sent. */
  readonly cause?: unknown
}

/** The one error class of the library. Everything else that is thrown is a fault and answers 500. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string
  readonly retryAfter: number | undefined
  readonly fields: readonly FieldError[]
  readonly pending: AuthErrorOptions['pending']

  constructor(code: ErrorCode, options: AuthErrorOptions = {}) {
    super(options.detail ?? errorCodes[code].title, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = errorCodes[code].status
    this.detail = this.message
    this.retryAfter = options.retryAfter
    this.fields = options.fields ?? []
    this.pending = options.pending
  }
}
