import { availableParallelism } from 'node:os'
import process from 'node:process'
import { type HealthLine, isoTime } from '@miachat/auth'
import type { Config } from '../config.ts'
import type { Secrets } from '../secret-key.ts'
import type { ServerKeysStore } from '../server-keys-store.ts'
import { productVersion } from '../version.ts'
import { type AppWords, inAll } from '../words/words.ts'
import { type Finding, ok, warning } from './finding.ts'
import { backupChecks, diskFinding, freeIn, workersCheck } from './machine-checks.ts'

/**
 * What of the doctor's looks a running server can take itself, for `/admin/health`. Administrators need not be those who run the
 * machine: paths and sentences about settings stand there only where nobody but this machine reaches the server (decision 020).
 */
export function createRunningChecks(
  config: Config,
  secrets: Pick<Secrets, 'warnings'>,
  keys: Pick<ServerKeysStore, 'list'>,
): () => Promise<HealthLine[]> {
  return async () => {
    const now = Date.now()
    const known = await keys.list()
    const free = freeIn(config.dataDir)
    const told = (words: AppWords): Finding[] => {
      const { health: say } = words
      return [
        ok(say.topics.version, say.version(productVersion, process.versions.node)),
        ...warnings(say.topics.settings, config.warnings, config.onThisMachine, say),
        ...warnings(say.topics.key, secrets.warnings, config.onThisMachine, say),
        ...keyAge(known, say),
        diskFinding(free, config.onThisMachine ? config.dataDir : say.dataFolder, words),
        ...backupChecks(config, now, words, config.onThisMachine ? undefined : say.itsFolder),
        workersCheck(config.workers, availableParallelism(), words),
      ]
    }
    return lines(inAll(told))
  }
}

/** The same findings, found once in each language. */
function lines({ en, de }: { en: readonly Finding[]; de: readonly Finding[] }): HealthLine[] {
  return en.flatMap(({ level, topic, text }, index) => {
    const same = de[index]
    return same ? [{ level, topic: { en: topic, de: same.topic }, text: { en: text, de: same.text } }] : []
  })
}

/** Sentences about settings are those of the guides, and English everywhere. */
function warnings(topic: string, sentences: readonly string[], whole: boolean, say: AppWords['health']): Finding[] {
  if (sentences.length === 0) return []
  if (whole) return sentences.map((text) => warning(topic, text))
  return [warning(topic, sentences.length === 1 ? say.oneWarning : say.warnings(sentences.length))]
}

/** How long the key has signed: no reason to change it by itself, but who has left meanwhile may know it. */
function keyAge(known: Awaited<ReturnType<ServerKeysStore['list']>>, say: AppWords['health']): Finding[] {
  const current = known.find(({ neededUntil }) => neededUntil === null)
  if (!current || current.firstUsedAt === null) return []
  return [ok(say.topics.keyAge, say.keyAge(isoTime(current.firstUsedAt).slice(0, 10)))]
}
