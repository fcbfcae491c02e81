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
  ],
}
