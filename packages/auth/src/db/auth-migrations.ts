import type { MigrationSet } from './migrate.ts'

/** The library's own migrations. A released one is never changed: the next number mends it. */
export const authMigrations: MigrationSet = {
  name: 'auth',
  migrations: [
    {
      number: 1,
      name: 'accounts, sessions, tokens, links, limits, audit',
      statements: (d) => [
        // The first seven columns are the seed's: other programs may read them under these names.
        `CREATE TABLE users (
          id ${d.countingKey}, username TEXT UNIQUE NOT NULL, email TEXT UNIQUE NOT NULL, password_hash TEXT NOT NULL,
          created_at ${d.seedTime} DEFAULT ${d.seedNow}, last_login ${d.seedTime} DEFAULT ${d.seedNow},
          is_active ${d.boolean.type} DEFAULT ${d.boolean.true},
          username_key TEXT UNIQUE NOT NULL, email_key TEXT UNIQUE NOT NULL, display_name TEXT,
          password_imported ${d.boolean.type} NOT NULL DEFAULT ${d.boolean.false},
          password_changed_at ${d.integer}, fields TEXT NOT NULL DEFAULT '{}')`,
        `CREATE TABLE sessions (
          token_hash ${d.bytes} NOT NULL PRIMARY KEY,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, last_seen_at ${d.integer} NOT NULL, remember ${d.boolean.type} NOT NULL,
          method TEXT NOT NULL, address TEXT NOT NULL, device TEXT NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX sessions_by_user ON sessions (user_id)',
        `CREATE TABLE token_families (
          id TEXT NOT NULL PRIMARY KEY, user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL, last_used_at ${d.integer} NOT NULL,
          address TEXT NOT NULL, device TEXT NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX token_families_by_user ON token_families (user_id)',
        'CREATE INDEX token_families_by_end ON token_families (expires_at)',
        `CREATE TABLE refresh_tokens (
          token_hash ${d.bytes} NOT NULL PRIMARY KEY,
          family_id TEXT NOT NULL REFERENCES token_families(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, used_at ${d.integer}, successor_hash ${d.bytes})${d.withoutRowid}`,
        'CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id)',
        `CREATE TABLE links (
          token_hash ${d.bytes} NOT NULL PRIMARY KEY,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          purpose TEXT NOT NULL, created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX links_by_user ON links (user_id, purpose)',
        'CREATE INDEX links_by_end ON links (expires_at)',
        `CREATE TABLE limits (
          key TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, expires_at ${d.integer} NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX limits_by_end ON limits (expires_at)',
        // No reference to users: the log outlives the account.
        `CREATE TABLE audit_events (
          id ${d.countingKey}, at ${d.integer} NOT NULL, event TEXT NOT NULL, result TEXT NOT NULL,
          user_id ${d.integer}, actor TEXT, subject TEXT, address TEXT NOT NULL, user_agent TEXT NOT NULL,
          request_id TEXT NOT NULL, session TEXT, detail TEXT)`,
        'CREATE INDEX audit_events_by_user ON audit_events (user_id, id)',
        ...d.appendOnly('audit_events'),
        `CREATE TABLE account_changes (
          n ${d.integer} NOT NULL PRIMARY KEY, user_id ${d.integer} NOT NULL, at ${d.integer} NOT NULL)`,
        `CREATE TABLE account_change_counter (id ${d.integer} NOT NULL PRIMARY KEY, n ${d.integer} NOT NULL)`,
        'INSERT INTO account_change_counter (id, n) VALUES (1, 0)',
        `CREATE TABLE server_keys (
          id TEXT NOT NULL PRIMARY KEY, first_used_at ${d.integer} NOT NULL, needed_until ${d.integer})`,
        // No reference to users: who deleted the account here must not come back with the next import.
        `CREATE TABLE imported_users (
          source_key ${d.bytes} NOT NULL PRIMARY KEY, user_id ${d.integer} NOT NULL, at ${d.integer} NOT NULL)${d.withoutRowid}`,
      ],
    },
    {
      number: 2,
      name: 'step-up, second factors',
      statements: (d) => [
        // When the person of a session last showed who it is (LOG-08).
        `ALTER TABLE sessions ADD COLUMN confirmed_at ${d.integer}`,
        `CREATE TABLE authenticators (
          id TEXT NOT NULL PRIMARY KEY, user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          kind TEXT NOT NULL, name TEXT NOT NULL, secret_enc ${d.bytes} NOT NULL, key_id TEXT NOT NULL,
          last_step ${d.integer} NOT NULL DEFAULT 0, created_at ${d.integer} NOT NULL, confirmed_at ${d.integer},
          last_used_at ${d.integer})`,
        'CREATE INDEX authenticators_by_user ON authenticators (user_id)',
        `CREATE TABLE recovery_codes (
          code_hash ${d.bytes} NOT NULL PRIMARY KEY,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, used_at ${d.integer})${d.withoutRowid}`,
        'CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id)',
        // No session: a row here opens nothing, and is used up by the code that finishes it (MFA-04).
        `CREATE TABLE pending_sign_ins (
          token_hash ${d.bytes} NOT NULL PRIMARY KEY,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL, method TEXT NOT NULL, wanted TEXT NOT NULL,
          tries ${d.integer} NOT NULL DEFAULT 0)${d.withoutRowid}`,
        'CREATE INDEX pending_sign_ins_by_user ON pending_sign_ins (user_id)',
        'CREATE INDEX pending_sign_ins_by_end ON pending_sign_ins (expires_at)',
      ],
    },
    {
      number: 3,
      name: 'the log of an account as a chain',
      statements: (d) => [
        // Null in rows of before, and of attempts at names that nobody has: those belong to no account.
        `ALTER TABLE audit_events ADD COLUMN previous_hash ${d.bytes}`,
        `ALTER TABLE audit_events ADD COLUMN hash ${d.bytes}`,
        // No reference to users: the log outlives the account.
        `CREATE TABLE audit_chains (user_id ${d.integer} NOT NULL PRIMARY KEY, last_hash ${d.bytes} NOT NULL)`,
      ],
    },
    {
      number: 4,
      name: 'mail',
      statements: (d) => [
        `ALTER TABLE users ADD COLUMN email_verified_at ${d.integer}`,
        'ALTER TABLE links ADD COLUMN payload TEXT',
        // Sealed, since a letter may hold a link; a row goes when it has been sent.
        `CREATE TABLE outbox (
          id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, user_id ${d.integer} REFERENCES users(id) ON DELETE CASCADE,
          to_address TEXT NOT NULL, sealed ${d.bytes} NOT NULL, key_id TEXT NOT NULL, created_at ${d.integer} NOT NULL,
          tries ${d.integer} NOT NULL DEFAULT 0, next_try_at ${d.integer} NOT NULL,
          leased_until ${d.integer} NOT NULL DEFAULT 0, last_error TEXT)`,
        'CREATE INDEX outbox_by_next_try ON outbox (next_try_at)',
      ],
    },
    {
      number: 5,
      name: 'pending sign-ins of known browsers',
      statements: (d) => [
        `ALTER TABLE pending_sign_ins ADD COLUMN known_device ${d.boolean.type} NOT NULL DEFAULT ${d.boolean.false}`,
      ],
    },
    {
      number: 6,
      name: 'letters that are of no use after a time',
      statements: (d) => [`ALTER TABLE outbox ADD COLUMN expires_at ${d.integer} NOT NULL DEFAULT 0`],
    },
    {
      number: 7,
      name: 'roles',
      statements: () => [
        "ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'user'",
        // Asked for whenever an administrator may be the last one; there are few.
        "CREATE INDEX users_by_role ON users (id) WHERE role = 'admin'",
      ],
    },
    {
      number: 8,
      name: 'devices that are asked for no second step',
      statements: (d) => [
        `CREATE TABLE trusted_devices (
          token_hash ${d.bytes} NOT NULL PRIMARY KEY,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, last_used_at ${d.integer} NOT NULL,
          address TEXT NOT NULL, device TEXT NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX trusted_devices_by_user ON trusted_devices (user_id)',
        'CREATE INDEX trusted_devices_by_age ON trusted_devices (created_at)',
      ],
    },
    {
      number: 9,
      name: 'passkeys',
      statements: (d) => [
        `CREATE TABLE passkeys (
          id TEXT NOT NULL PRIMARY KEY, credential_id TEXT UNIQUE NOT NULL,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          user_handle TEXT NOT NULL, rp_id TEXT NOT NULL, public_key ${d.bytes} NOT NULL, counter ${d.integer} NOT NULL,
          transports TEXT NOT NULL, aaguid TEXT NOT NULL, backup_eligible ${d.boolean.type} NOT NULL,
          backed_up ${d.boolean.type} NOT NULL, name TEXT NOT NULL, created_at ${d.integer} NOT NULL,
          last_used_at ${d.integer}, last_used_on TEXT)`,
        'CREATE INDEX passkeys_by_user ON passkeys (user_id)',
        // Used once, by the browser that asked, within minutes (PKY-01).
        `CREATE TABLE passkey_challenges (
          challenge_hash ${d.bytes} NOT NULL PRIMARY KEY, browser_hash ${d.bytes} NOT NULL, ceremony TEXT NOT NULL,
          user_id ${d.integer} REFERENCES users(id) ON DELETE CASCADE, handle TEXT,
          created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX passkey_challenges_by_browser ON passkey_challenges (browser_hash)',
        'CREATE INDEX passkey_challenges_by_end ON passkey_challenges (expires_at)',
      ],
    },
    {
      number: 10,
      name: 'devices with names',
      statements: () => [
        'ALTER TABLE sessions ADD COLUMN name TEXT',
        // What stays of a session when a step-up gives it a new value; null in rows of before.
        'ALTER TABLE sessions ADD COLUMN started_as TEXT',
        'ALTER TABLE token_families ADD COLUMN name TEXT',
        `ALTER TABLE token_families ADD COLUMN method TEXT NOT NULL DEFAULT 'password'`,
      ],
    },
    {
      number: 11,
      name: 'accounts whose owners leave',
      statements: (d) => [
        `ALTER TABLE users ADD COLUMN deletes_at ${d.integer}`,
        'CREATE INDEX users_leaving ON users (deletes_at) WHERE deletes_at IS NOT NULL',
      ],
    },
    {
      number: 12,
      name: 'accounts at providers',
      statements: (d) => [
        `CREATE TABLE identities (
          id TEXT NOT NULL PRIMARY KEY, user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          provider TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL,
          created_at ${d.integer} NOT NULL, last_used_at ${d.integer}, UNIQUE (issuer, subject))`,
        'CREATE INDEX identities_by_user ON identities (user_id)',
        // Used up by whoever comes back with the state: a row opens nothing by itself.
        `CREATE TABLE provider_trips (
          state_hash ${d.bytes} NOT NULL PRIMARY KEY, provider TEXT NOT NULL, purpose TEXT NOT NULL,
          user_id ${d.integer} REFERENCES users(id) ON DELETE CASCADE, payload TEXT NOT NULL,
          expires_at ${d.integer} NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX provider_trips_by_end ON provider_trips (expires_at)',
      ],
    },
    {
      number: 13,
      name: 'addresses that a link can put back',
      statements: () => [
        // Else a thief who changed the address of an account would register the former one elsewhere.
        'ALTER TABLE links ADD COLUMN kept_address_key TEXT',
        'CREATE INDEX links_by_kept_address ON links (kept_address_key)',
      ],
    },
    {
      number: 14,
      name: 'archives of what people have here',
      statements: (d) => [
        `CREATE TABLE exports (
          id TEXT NOT NULL PRIMARY KEY,
          user_id ${d.integer} UNIQUE NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at ${d.integer} NOT NULL, seen_at ${d.integer} NOT NULL, done ${d.integer} NOT NULL,
          total ${d.integer} NOT NULL, finished_at ${d.integer}, size ${d.integer} NOT NULL DEFAULT 0)`,
        'CREATE INDEX exports_by_age ON exports (created_at)',
        `CREATE TABLE export_chunks (
          export_id TEXT NOT NULL REFERENCES exports(id) ON DELETE CASCADE, n ${d.integer} NOT NULL,
          bytes ${d.bytes} NOT NULL, PRIMARY KEY (export_id, n))`,
      ],
    },
    {
      number: 15,
      name: 'tokens that people make for programs',
      statements: (d) => [
        `CREATE TABLE personal_tokens (
          id TEXT NOT NULL PRIMARY KEY, token_hash ${d.bytes} UNIQUE NOT NULL,
          user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          name TEXT NOT NULL, scopes TEXT NOT NULL,
          created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL,
          last_used_at ${d.integer}, last_used_from TEXT)`,
        'CREATE INDEX personal_tokens_by_user ON personal_tokens (user_id)',
        'CREATE INDEX personal_tokens_by_end ON personal_tokens (expires_at)',
      ],
    },
    {
      number: 16,
      name: 'wrong passwords since the last sign-in',
      statements: (d) => [`ALTER TABLE users ADD COLUMN failures ${d.integer} NOT NULL DEFAULT 0`],
    },
    {
      number: 17,
      name: 'the log of all accounts in pages',
      statements: () => [
        // The order of the pages stands in each, so that none is sorted anew for a page.
        'CREATE INDEX audit_events_by_time ON audit_events (at, id)',
        'CREATE INDEX audit_events_by_event ON audit_events (event, at, id)',
        'CREATE INDEX audit_events_by_address ON audit_events (address, at, id)',
      ],
    },
    {
      number: 18,
      name: 'second factors that are demanded',
      statements: (d) => [
        `ALTER TABLE users ADD COLUMN factor_demanded_at ${d.integer}`,
        'ALTER TABLE users ADD COLUMN factor_demand_reason TEXT',
        `ALTER TABLE users ADD COLUMN factor_grace_from ${d.integer}`,
      ],
    },
    {
      number: 19,
      name: 'people in the order of their last sign-in, accounts that administrators delete',
      statements: (d) => [
        'CREATE INDEX users_by_last_login ON users (last_login, id)',
        // Of an account that was disabled and is to be deleted: its owner has no way back.
        `ALTER TABLE users ADD COLUMN kept_out ${d.boolean.type} NOT NULL DEFAULT ${d.boolean.false}`,
      ],
    },
    {
      number: 20,
      name: 'invitations to make a passkey',
      statements: (d) => [
        `ALTER TABLE users ADD COLUMN passkey_invited ${d.boolean.type} NOT NULL DEFAULT ${d.boolean.false}`,
      ],
    },
    {
      number: 21,
      name: 'addresses that an account gets once they are confirmed',
      statements: (d) => [
        `ALTER TABLE users ADD COLUMN address_due ${d.integer}`,
        'CREATE INDEX users_address_due ON users (address_due) WHERE address_due IS NOT NULL',
      ],
    },
    {
      number: 22,
      name: 'user names that were given up',
      statements: (d) => [
        `CREATE TABLE former_usernames (
          username_key TEXT NOT NULL PRIMARY KEY, user_id ${d.integer} NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          released_at ${d.integer} NOT NULL)${d.withoutRowid}`,
        'CREATE INDEX former_usernames_by_user ON former_usernames (user_id)',
        'CREATE INDEX former_usernames_by_age ON former_usernames (released_at)',
      ],
    },
    {
      number: 23,
      name: 'invitations, accounts that wait for approval',
      statements: (d) => [
        `ALTER TABLE users ADD COLUMN waits_since ${d.integer}`,
        'CREATE INDEX users_waiting ON users (waits_since) WHERE waits_since IS NOT NULL',
        // A row goes when it is used or withdrawn: it holds the address of somebody who may never come.
        `CREATE TABLE invitations (
          id TEXT NOT NULL PRIMARY KEY, token_hash ${d.bytes} UNIQUE NOT NULL, role TEXT NOT NULL, email TEXT,
          sent ${d.boolean.type} NOT NULL, made_by TEXT NOT NULL,
          created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL)`,
        'CREATE INDEX invitations_by_end ON invitations (expires_at)',
      ],
    },
    {
      number: 24,
      name: 'codes by which programs without a browser sign in',
      statements: (d) => [
        // Strangers write these rows: all of one ends with it, and they open nothing until their person has said yes.
        `CREATE TABLE device_codes (
          device_hash ${d.bytes} NOT NULL PRIMARY KEY, user_hash ${d.bytes} UNIQUE NOT NULL, id TEXT UNIQUE NOT NULL,
          program TEXT NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL,
          pause ${d.integer} NOT NULL, asked_at ${d.integer},
          created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL,
          user_id ${d.integer} REFERENCES users(id) ON DELETE CASCADE, session TEXT, decision TEXT)`,
        'CREATE INDEX device_codes_by_end ON device_codes (expires_at)',
        'CREATE INDEX device_codes_by_user ON device_codes (user_id)',
      ],
    },
    {
      number: 25,
      name: 'which trusted device a session is in',
      statements: () => ['ALTER TABLE sessions ADD COLUMN trusted_as TEXT'],
    },
    {
      number: 26,
      name: 'which new device a session has yet to be asked about',
      statements: () => ['ALTER TABLE sessions ADD COLUMN newcomer TEXT'],
    },
    {
      number: 27,
      name: 'sessions on shared computers',
      statements: (d) => [
        `ALTER TABLE sessions ADD COLUMN shared ${d.boolean.type} NOT NULL DEFAULT ${d.boolean.false}`,
      ],
    },
    {
      number: 28,
      name: 'security keys as a second step only',
      statements: () => [`ALTER TABLE passkeys ADD COLUMN kind TEXT NOT NULL DEFAULT 'passkey'`],
    },
    {
      number: 29,
      name: 'in which language people want pages and letters',
      statements: () => ['ALTER TABLE users ADD COLUMN language TEXT'],
    },
  ],
}
