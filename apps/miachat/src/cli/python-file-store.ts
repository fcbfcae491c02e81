import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { PersonToImport } from '@miachat/auth'

/** The columns of the Python original's table of people. */
export const pythonColumns = [
  'id',
  'username',
  'email',
  'password_hash',
  'created_at',
  'last_login',
  'is_active',
] as const

/** Those of the seven columns that the file's users table lacks. */
export function missingColumns(db: DatabaseSync): string[] {
  const found = new Set(
    db
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all('users')
      .map((row) => row['name']),
  )
  return pythonColumns.filter((column) => !found.has(column))
}

/** All people, by id. SQLite keeps any kind of value in any column: what is no text is read as text. */
export function readPythonUsers(db: DatabaseSync): PersonToImport[] {
  const statement = db.prepare(`SELECT ${pythonColumns.join(', ')} FROM users ORDER BY id`)
  statement.setReadBigInts(true)
  return statement.all().map((row) => ({
    sourceId: textOf(row['id']) ?? '',
    username: textOf(row['username']),
    email: textOf(row['email']),
    passwordHash: textOf(row['password_hash']),
    createdAt: textOf(row['created_at']),
    lastLogin: textOf(row['last_login']),
    isActive: flagOf(row['is_active']),
  }))
}

function textOf(value: SQLOutputValue | undefined): string | null {
  if (value === null || value === undefined) return null
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)
}

/** SQLAlchemy writes 0 and 1; other programs write words. */
function flagOf(value: SQLOutputValue | undefined): boolean | null {
  const text = textOf(value)?.toLowerCase()
  if (text === '1' || text === 'true' || text === 't') return true
  if (text === '0' || text === 'false' || text === 'f') return false
  return null
}
