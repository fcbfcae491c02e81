import { AuthError } from '../lib/errors.ts'
import type { DoorSignal } from '../sessions/open-doors.ts'

/** One event for a browser's EventSource (WHATWG HTML, section 9.2). */
export interface ServerEvent {
  /** `message` where none is named. */
  readonly event?: string
  readonly data: string
}

/** Sends until its work is done or `signal` aborts, and ends then. */
export type EventSource = (send: (event: ServerEvent) => void, signal: AbortSignal) => Promise<void>

/** Below the server's sixty seconds after which a silent connection is cut. */
const HEARTBEAT_MS = 25_000
/** How many bytes may wait for a reader who does not read. */
const MOST_WAITING = 1024 * 1024

/**
 * The body of a stream of events that hangs on the door of whoever asked: shut, it says `signed-out` and ends. It ends too
 * when the client goes away, or reads so slowly that the waiting events would fill the memory.
 */
export function eventStream(
  source: EventSource,
  { door, request, failed }: { door: DoorSignal; request: Request; failed: (error: unknown) => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const gone = new AbortController()
  const over = new AbortController()
  const { signal } = over
  // By hand: what AbortSignal.any makes may be collected while something waits for it.
  for (const end of [door.signal, gone.signal, request.signal]) {
    if (end.aborted) over.abort(end.reason)
    else end.addEventListener('abort', () => over.abort(end.reason), { once: true, signal })
  }
  async function run(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const write = (text: string): void => {
      if (gone.signal.aborted) return
      controller.enqueue(encoder.encode(text))
      if ((controller.desiredSize ?? 0) < -MOST_WAITING) gone.abort()
    }
    const heartbeat = setInterval(write, HEARTBEAT_MS, ':\n\n')
    heartbeat.unref()
    try {
      // Headers and a first line go out at once: the browser knows that it is connected.
      write('retry: 5000\n\n')
      await source((event) => write(lines(event)), signal)
    } catch (error) {
      if (!signal.aborted) failed(error)
    }
    clearInterval(heartbeat)
    door.release()
    if (isShut(door.signal)) write(lines({ event: 'signed-out', data: '' }))
    if (gone.signal.aborted) controller.error(new Error('The client reads no more.'))
    else controller.close()
    over.abort()
  }

  return new ReadableStream<Uint8Array>(
    { start: (controller) => void run(controller), cancel: () => gone.abort() },
    new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }),
  )
}

const isShut = ({ reason }: AbortSignal): boolean => reason instanceof AuthError && reason.code === 'not_signed_in'

function lines({ event, data }: ServerEvent): string {
  const text = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${event === undefined ? '' : `event: ${event}\n`}${text.join('')}\n`
}
