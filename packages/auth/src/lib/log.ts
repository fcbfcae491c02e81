/** Where the library writes what happened. The host gives a function; no secret ever reaches it (AUD-02). */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void

export const silent: Log = () => {}

/** A log that never throws: a full disk under the log must not fail a sign-in nor stop the process (AUD-05). */
export const unfailing =
  (log: Log): Log =>
  (level, message, fields) => {
    try {
      const result: unknown = log(level, message, fields)
      // A function that is async after all rejects later, which would end the process.
      if (result instanceof Promise) result.catch(() => {})
    } catch {
      // There is nobody left to tell.
    }
  }

/** Who asks: values only, so that the inner rooms never see a request. */
export interface Client {
  /** The address that limits count by, already resolved through trusted proxies. */
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
}
