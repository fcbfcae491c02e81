/**
 * A schema of whatever library the host app has (zod, valibot, arktype and others): the part of Standard Schema 1 that we
 * use. So a host's zod may be another one than ours.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The name of the field that an issue is about, '' where it is about the whole. */
export function fieldOf({ path }: SchemaIssue): string {
  const [first = ''] = path ?? []
  return String(typeof first === 'object' ? first.key : first)
}
