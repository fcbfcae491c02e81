/** Where the library writes what happened. The host gives a function; no secret ever reaches it (AUD-02). */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void

export const silent: Log = () => {}

/** Who asks: values only, so that the inner rooms never see a request. */
export interface Client {
  /** The address that limits count by, already resolved through trusted proxies. */
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
}
