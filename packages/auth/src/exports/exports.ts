import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuthTables } from '../db/auth-tables.ts'
import type { Database } from '../db/tables.ts'
import { type Clock, hours, minutes, seconds } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { createExportStore } from './export-store.ts'
import { type ExportFile, zipChunks } from './zip-chunks.ts'

/** How long an archive can be fetched (E1). */
export const EXPORT_LIFETIME = hours(24)
/** Whoever has made it was stopped, when nothing was heard for so long. */
const INTERRUPTED_AFTER = minutes(2)
/** Progress is written no more often. */
const PROGRESS_EVERY = seconds(1)

/** A part of an archive, which is read when its turn has come: the files that it makes. */
export type ExportPart = () => Promise<readonly ExportFile[]>

/** How the archive of a person stands. */
export type ExportState =
  | { readonly state: 'none' }
  | { readonly state: 'interrupted' }
  | { readonly state: 'making'; readonly done: number; readonly total: number }
  | { readonly state: 'ready'; readonly id: string; readonly bytes: number; readonly endsAt: number }

export type Exports = ReturnType<typeof createExports>

/** Archives of all that a person has here: rows, so that any process can hand out what another has made. */
export function createExports(deps: { db: Database<AuthTables>; clock: Clock; log: Log }) {
  const { db, clock, log } = deps
  const store = createExportStore(db)
  const running = new Set<Promise<void>>()
  let stopped = false

  async function make(id: string, parts: readonly ExportPart[]): Promise<void> {
    let done = 0
    let told = clock()
    // An archive that somebody has begun anew, or whose account is gone, is not wanted any more.
    const tell = async (change: { finished_at?: number; size?: number } = {}): Promise<void> => {
      told = clock()
      const wanted = await db.transaction((trx) => store.update(trx, id, { done, seen_at: told, ...change }))
      if (!wanted || stopped) throw new Stopped()
    }
    async function* files(): AsyncGenerator<ExportFile> {
      for (const part of parts) {
        yield* await part()
        done++
        if (clock() - told >= PROGRESS_EVERY) await tell()
      }
    }
    let n = 0
    let size = 0
    for await (const bytes of zipChunks(files(), clock())) {
      await tell()
      await db.transaction((trx) => store.addChunk(trx, id, n, bytes))
      n++
      size += bytes.length
    }
    await tell({ finished_at: clock(), size })
  }

  /** Told as interrupted at once; where even this cannot be written, after a while. */
  async function giveUp(id: string): Promise<void> {
    await db.transaction((trx) => store.update(trx, id, { seen_at: 0 })).catch(() => {})
  }

  return {
    /** Writes down that an archive is wanted, in place of an earlier one; answers what `start` takes. */
    async begin(trx: Kysely<AuthTables>, userId: number, total: number): Promise<string> {
      const id = randomBytes(12).toString('base64url')
      const now = clock()
      await store.insert(trx, { id, user_id: userId, created_at: now, seen_at: now, done: 0, total })
      return id
    },

    /** Makes the archive in the background; one that fails is told as interrupted. */
    start(id: string, parts: readonly ExportPart[]): void {
      const work = make(id, parts)
        .catch((error: unknown) => {
          if (error instanceof Stopped) return
          log('error', 'export_failed', { cause: String(error) })
          return giveUp(id)
        })
        .finally(() => running.delete(work))
      running.add(work)
    },

    async state(userId: number): Promise<ExportState> {
      const row = await store.find(userId)
      if (!row || clock() >= row.created_at + EXPORT_LIFETIME) return { state: 'none' }
      if (row.finished_at !== null) {
        return { state: 'ready', id: row.id, bytes: row.size, endsAt: row.created_at + EXPORT_LIFETIME }
      }
      if (clock() - row.seen_at > INTERRUPTED_AFTER) return { state: 'interrupted' }
      return { state: 'making', done: row.done, total: row.total }
    },

    /** The bytes of an archive, a piece at a time. */
    read(id: string): ReadableStream<Uint8Array> {
      let n = 0
      return new ReadableStream({
        async pull(controller) {
          const bytes = await store.chunk(id, n++)
          if (bytes) controller.enqueue(new Uint8Array(bytes))
          else controller.close()
        },
      })
    },

    sweep: (most: number): Promise<number> => store.sweep(clock() - EXPORT_LIFETIME, most),

    /** Waits until nothing is made any more: what is half done is given up. */
    async stop(): Promise<void> {
      stopped = true
      await Promise.all(running)
    },
  }
}

/** Nobody waits for this archive. */
class Stopped extends Error {}
