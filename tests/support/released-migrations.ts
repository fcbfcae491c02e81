/** A migration that people have run: its text is frozen, since nobody's database would ever see a change to it. */
export interface ReleasedMigration {
  /** Name of the set, number, kind of database. */
  readonly migration: `${string} ${number} ${'sqlite' | 'postgres'}`
  /** SHA-256 of its statements. */
  readonly sha256: string
}

/**
 * Every migration that a release has carried. At a release run
 * `node --conditions=miachat-source tests/support/print-migrations.ts`, which prints a line for each migration that there
 * is, and add the lines that are missing here. A line is never changed or removed: where the test fails, take the change
 * back and write the next migration.
 */
export const releasedMigrations: readonly ReleasedMigration[] = []
