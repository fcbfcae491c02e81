import type { Face } from './pieces.ts'

/** The drawings that come with MiaChat, by the name that characters keep. */
const drawings: Readonly<Record<string, string>> = { mia: '/assets/mia.svg' }

/** How a stored character looks. `assetUrl` gives the address of a file of ours. */
export function createFaceOf(assetUrl: (path: string) => string) {
  const images = new Map(Object.entries(drawings).map(([name, path]) => [name, assetUrl(path)]))
  return (character: { readonly id: string; readonly name: string; readonly picture: string | null }): Face => ({
    id: character.id,
    name: character.name,
    image: character.picture === null ? null : (images.get(character.picture) ?? null),
  })
}

export type FaceOf = ReturnType<typeof createFaceOf>
