import type { ColumnType, Generated } from 'kysely'

/** 0 or 1: both databases keep it as a number. */
type Bit = number

/**
 * What people make. `owner_id` is users.id; every row is found by (owner_id, id), so that somebody else's id is like an
 * unknown one (X2). Ids are UUIDv7, times milliseconds since 1970.
 */
export interface ChatTables {
  personalities: {
    id: string
    owner_id: number
    name: string
    /** Big Five by name, 0 to 100. */
    traits_json: string
    /** The five style dials by name, 0 to 100. */
    style_json: string
    /** Free words, dos, don'ts: arrays of text. */
    words_json: string
    dos_json: string
    donts_json: string
    notes: string
    created_at: number
    updated_at: number
  }
  characters: {
    id: string
    owner_id: number
    /** Name, tagline and picture of the current version, for lists. */
    name: string
    tagline: string
    picture: string | null
    favourite: Bit
    current_version: number
    personality_id: string | null
    source_kind: string
    created_at: number
    updated_at: number
    last_used_at: number
    /** Hidden, and kept only for the conversations that use it. */
    deleted_at: number | null
  }
  character_versions: {
    owner_id: number
    character_id: string
    version: number
    /** A whole V3 card. */
    card_json: string
    created_at: number
  }
  /** The picture that a person has of itself: what was uploaded, drawn anew, and the square of it that is shown (WebP). */
  own_pictures: {
    owner_id: number
    source: Uint8Array
    width: number
    height: number
    /** The square in per cent. */
    size: number
    across: number
    down: number
    shown: Uint8Array
    changed_at: number
  }
  character_tags: { owner_id: number; character_id: string; tag: string }
  conversations: {
    id: string
    owner_id: number
    character_id: string
    character_version: number
    /** The character as it was when this began: a list needs no other table. */
    name: string
    picture: string | null
    /** Null until the person's first words give one. */
    title: string | null
    title_enc: Uint8Array | null
    key_id: string | null
    /** The end of the branch that is shown. */
    active_leaf_id: string | null
    message_count: number
    created_at: number
    last_message_at: number
    /** Put aside: for a moment it can be taken back, then the sweep deletes it. */
    deleted_at: ColumnType<number | null, number | null | undefined>
  }
  /** For how many days a person keeps conversations; no row for ever. */
  keeping: { owner_id: number; days: number; set_at: number }
  messages: {
    rid: Generated<number>
    id: string
    owner_id: number
    conversation_id: string
    parent_id: string | null
    role: 'user' | 'assistant' | 'notice'
    content: string | null
    content_enc: Uint8Array | null
    key_id: string | null
    state: 'streaming' | 'done' | 'stopped' | 'failed' | 'interrupted'
    /** Who wrote it: `person`, `card` (a greeting), `practice`. */
    made_by: string
    /** The browser's key that keeps a message from being stored twice. */
    client_key: string | null
    created_at: number
  }
}
