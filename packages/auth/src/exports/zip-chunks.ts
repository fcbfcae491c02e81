import { setImmediate as turn } from 'node:timers/promises'

/** One file of an archive. */
export interface ExportFile {
  /** With folders: `conversations/0001-good-evening.json`. */
  readonly name: string
  readonly content: string | Uint8Array
}

const CHUNK_BYTES = 256 * 1024
/** What is compressed before others get their turn: about a millisecond. */
const SLICE_BYTES = 64 * 1024

/**
 * An archive in pieces of about 256 KiB, made while files come in: never more than one file and one piece are in memory,
 * and the event loop gets its turn between slices. `at` is the time that the files carry, in milliseconds since 1970.
 */
export async function* zipChunks(files: AsyncIterable<ExportFile>, at: number): AsyncGenerator<Uint8Array> {
  const { Zip, ZipDeflate } = await import('fflate')
  let waiting: Uint8Array[] = []
  let bytes = 0
  let failed: Error | null = null
  const zip = new Zip((error, data) => {
    failed ??= error
    if (!data) return
    waiting.push(data)
    bytes += data.length
  })
  function take(): Buffer {
    const whole = Buffer.concat(waiting)
    waiting = []
    bytes = 0
    return whole
  }
  for await (const { name, content } of files) {
    const data = typeof content === 'string' ? Buffer.from(content) : content
    const entry = new ZipDeflate(name)
    entry.mtime = at
    zip.add(entry)
    for (let start = 0; start === 0 || start < data.length; start += SLICE_BYTES) {
      const end = start + SLICE_BYTES
      entry.push(data.subarray(start, end), end >= data.length)
      await turn()
    }
    if (failed) throw failed
    if (bytes >= CHUNK_BYTES) yield take()
  }
  zip.end()
  if (failed) throw failed
  yield take()
}
