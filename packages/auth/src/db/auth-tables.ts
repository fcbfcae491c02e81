import type { ColumnType, Generated } from 'kysely'

/** SQLite answers 0 and 1, PostgreSQL false and true; both take a boolean. */
type Flag = ColumnType<boolean | number, boolean | undefined, boolean>
/** A time that a row may lack. */
type Defaulted = ColumnType<number | null, number | null | undefined>
/** A text that a row may lack. */
type DefaultedText = ColumnType<string | null, string | null | undefined>
/** `YYYY-MM-DD HH:MM:SS.mmm` in UTC, as the seed's table keeps it. */
type SeedTime = string

/** The tables of the library. Times are milliseconds since 1970 but for the two that the seed's users table has. */
export interface AuthTables {
  users: {
    id: Generated<number>
    username: string
    email: string
    password_hash: string
    created_at: SeedTime
    last_login: SeedTime | null
    is_active: Flag
    username_key: string
    email_key: string
    display_name: string | null
    password_imported: Flag
    password_changed_at: number | null
    fields: string
    email_verified_at: Defaulted
    /** Its owner has left: from then on the account is deleted. It is not active meanwhile. */
    deletes_at: Defaulted
    /** It was disabled before it was to be deleted: its owner cannot keep it. */
    kept_out: Flag
    /** `user` or `admin`. */
    role: Generated<string>
    /** Wrong passwords since the last sign-in. */
    failures: Generated<number>
    /** An administrator demands a second factor of this person. */
    factor_demanded_at: Defaulted
    /** Why, in the administrator's words. */
    factor_demand_reason: DefaultedText
    /** Since when a second factor that is demanded is missing: the days of grace count from here. */
    factor_grace_from: Defaulted
    /** The invitation to make a passkey was neither taken nor declined. */
    passkey_invited: Flag
    /** Registered with an address that it gets once it is confirmed: until then the account is kept. */
    address_due: Defaulted
    /** Registered where administrators decide about new accounts, and nobody has yet. It is not active meanwhile. */
    waits_since: Defaulted
    /** What the person has chosen (BCP 47); null for what each browser asks for. */
    language: DefaultedText
  }
  invitations: {
    id: string
    token_hash: Uint8Array
    /** What whoever uses it becomes: `user`, or `admin` for the first administrator. */
    role: string
    /** The only address that an account made by it may have. */
    email: string | null
    /** It went to that address by mail and nobody else has seen it. */
    sent: Flag
    /** `administrator 7`, `command line`. */
    made_by: string
    created_at: number
    expires_at: number
  }
  /** User names that their owners gave up, kept for them for a while. */
  former_usernames: { username_key: string; user_id: number; released_at: number }
  sessions: {
    token_hash: Uint8Array
    user_id: number
    created_at: number
    last_seen_at: number
    remember: Flag
    method: string
    address: string
    device: string
    /** When the person last showed who it is, for the step-up. */
    confirmed_at: Defaulted
    /** What its owner calls the device. */
    name: DefaultedText
    /** Names the session for as long as it lives, whatever its value is; null in rows of before. */
    started_as: DefaultedText
    /** The id of the trusted device that the browser was when it signed in: a mark, which decides nothing. */
    trusted_as: DefaultedText
    /** The session that came from a new device since, until its owner has said whether it was the owner: its `started_as`. */
    newcomer: DefaultedText
    /** On a computer that others use, too. */
    shared: Flag
  }
  token_families: {
    id: string
    user_id: number
    created_at: number
    expires_at: number
    last_used_at: number
    address: string
    device: string
    name: DefaultedText
    method: Generated<string>
  }
  refresh_tokens: {
    token_hash: Uint8Array
    family_id: string
    created_at: number
    used_at: number | null
    successor_hash: Uint8Array | null
  }
  links: {
    token_hash: Uint8Array
    user_id: number
    purpose: string
    created_at: number
    expires_at: number
    /** What the link is about besides its person: JSON. */
    payload: ColumnType<string | null, string | null | undefined>
    /** The canonical form of an address that the link can put back: nobody else takes it meanwhile. */
    kept_address_key: ColumnType<string | null, string | null | undefined>
  }
  limits: { key: string; state: string; expires_at: number }
  audit_events: {
    id: Generated<number>
    at: number
    event: string
    result: string
    user_id: number | null
    actor: string | null
    subject: string | null
    address: string
    user_agent: string
    request_id: string
    session: string | null
    detail: string | null
    /** Of the row before it of the same account, and its own; null where no account is concerned. */
    previous_hash: ColumnType<Uint8Array | null, Uint8Array | null | undefined>
    hash: ColumnType<Uint8Array | null, Uint8Array | null | undefined>
  }
  audit_chains: { user_id: number; last_hash: Uint8Array }
  account_changes: { n: number; user_id: number; at: number }
  account_change_counter: { id: number; n: number }
  server_keys: { id: string; first_used_at: number; needed_until: number | null }
  imported_users: { source_key: Uint8Array; user_id: number; at: number }
  outbox: {
    id: string
    kind: string
    user_id: number | null
    to_address: string
    /** Subject, text and HTML as JSON, sealed under `sealed-mail`. */
    sealed: Uint8Array
    key_id: string
    created_at: number
    tries: Generated<number>
    next_try_at: number
    leased_until: Generated<number>
    last_error: ColumnType<string | null, string | null | undefined>
    /** From then on the letter is not worth sending. */
    expires_at: number
  }
  authenticators: {
    id: string
    user_id: number
    kind: string
    name: string
    /** Sealed under `sealed-authenticator`. */
    secret_enc: Uint8Array
    key_id: string
    /** The newest step of TOTP that was accepted: none is accepted twice (MFA-01). */
    last_step: Generated<number>
    created_at: number
    confirmed_at: Defaulted
    last_used_at: Defaulted
  }
  recovery_codes: { code_hash: Uint8Array; user_id: number; created_at: number; used_at: Defaulted }
  pending_sign_ins: {
    token_hash: Uint8Array
    user_id: number
    created_at: number
    expires_at: number
    method: string
    /** `session`, `session remember`, `session shared` or `tokens`. */
    wanted: string
    tries: Generated<number>
    known_device: Flag
  }
  exports: {
    id: string
    user_id: number
    created_at: number
    /** When whoever makes it was last heard of. */
    seen_at: number
    /** Parts of it, done and in all. */
    done: number
    total: number
    finished_at: Defaulted
    size: Generated<number>
  }
  export_chunks: { export_id: string; n: number; bytes: Uint8Array }
  personal_tokens: {
    id: string
    token_hash: Uint8Array
    user_id: number
    name: string
    /** With blanks between. */
    scopes: string
    created_at: number
    expires_at: number
    last_used_at: Defaulted
    last_used_from: DefaultedText
  }
  trusted_devices: {
    token_hash: Uint8Array
    user_id: number
    created_at: number
    last_used_at: number
    address: string
    device: string
  }
  passkeys: {
    id: string
    /** base64url, unique over all people (PKY-04). */
    credential_id: string
    user_id: number
    /** base64url: the random name of the account at its authenticators. */
    user_handle: string
    /** The host name that it was made for and works under. */
    rp_id: string
    /** `passkey`, or `security_key`: a second step only, which has not seen its person. */
    kind: Generated<string>
    /** COSE. */
    public_key: Uint8Array
    counter: number
    /** JSON. */
    transports: string
    aaguid: string
    backup_eligible: Flag
    backed_up: Flag
    name: string
    created_at: number
    last_used_at: Defaulted
    /** The name of the known browser that it was used in last. */
    last_used_on: ColumnType<string | null, string | null | undefined>
  }
  passkey_challenges: {
    challenge_hash: Uint8Array
    browser_hash: Uint8Array
    ceremony: string
    user_id: number | null
    /** base64url: the account's name at authenticators, for a passkey that is being made. */
    handle: string | null
    created_at: number
    expires_at: number
  }
  identities: {
    id: string
    user_id: number
    /** The id of the provider in the options; `issuer` and `subject` say who it is there (OAU-04). */
    provider: string
    issuer: string
    subject: string
    name: string
    created_at: number
    last_used_at: Defaulted
  }
  provider_trips: {
    state_hash: Uint8Array
    provider: string
    purpose: string
    user_id: number | null
    /** Where to go on, and who came back: JSON. */
    payload: string
    expires_at: number
  }
  device_codes: {
    device_hash: Uint8Array
    /** Keyed: so few letters would be found again from a plain hash. */
    user_hash: Uint8Array
    /** Names the row on pages. */
    id: string
    /** What the program calls itself, unchecked. */
    program: string
    device: string
    address: string
    /** Milliseconds between two questions of the program. */
    pause: number
    asked_at: Defaulted
    created_at: number
    expires_at: number
    /** Who has entered the code, and by which session (`started_as`). */
    user_id: Defaulted
    session: ColumnType<string | null, string | null | undefined>
    /** `allowed` or `refused`. */
    decision: ColumnType<string | null, string | null | undefined>
  }
}
