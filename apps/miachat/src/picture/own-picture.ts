type Fields = Readonly<Record<string, unknown>>

/** A name for the picture as it is, which a layout finds without a question to the database. */
const VERSION = /^[\w-]{8,22}$/

/** Local address of the picture that a person has of itself, or null. */
export function ownPicture(fields: Fields): string | null {
  const version = fields['own_picture']
  return typeof version === 'string' && VERSION.test(version) ? `/settings/picture/${version}` : null
}

export function withPicture({ own_picture: _, ...fields }: Fields, version: string | null): Fields {
  return version === null ? fields : { ...fields, own_picture: version }
}
