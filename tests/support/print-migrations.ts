// What to add to released-migrations.ts at a release.
import { migrationSets } from '../../apps/miachat/src/database-start.ts'
import { hashesOf } from './migration-hashes.ts'

for (const { migration, sha256 } of hashesOf(migrationSets)) {
  console.log(`  { migration: '${migration}', sha256: '${sha256}' },`)
}
