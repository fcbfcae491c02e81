import type { Config } from '../config.ts'

/** The address without its password, which pg_dump asks for or finds in ~/.pgpass: a command line is read by others. */
function withoutPassword({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  const url = new URL(databaseUrl)
  url.password = ''
  return `'${url.href.replaceAll("'", '%27')}'`
}

/** How a PostgreSQL is backed up. */
export const dumpCommand = (config: Pick<Config, 'databaseUrl'>): string =>
  `pg_dump --format=custom --file=miachat.dump ${withoutPassword(config)}`

/** How such a backup is brought back. */
export const restoreCommand = (config: Pick<Config, 'databaseUrl'>): string =>
  `pg_restore --clean --if-exists --single-transaction --no-owner --dbname=${withoutPassword(config)} miachat.dump`
