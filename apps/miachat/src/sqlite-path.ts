import type { Config } from './config.ts'

/** The file of the database; null for PostgreSQL. */
export const sqlitePath = (config: Pick<Config, 'databaseUrl'>): string | null =>
  /^sqlite:(.+)$/.exec(config.databaseUrl)?.[1] ?? null
