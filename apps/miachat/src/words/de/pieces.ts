import type { pieces as english } from '../en/pieces.ts'

export const pieces: typeof english = {
  both: {
    before: 'Unten steht, was du getippt hast. ',
    link: 'Zeig in einem neuen Tab, was gespeichert ist',
    after: '. Noch einmal speichern ersetzt es durch das, was unten steht.',
  },
  tooLong: (most) => `Höchstens ${most} Zeichen.`,
  deleting: 'Wird gelöscht …',
  keep: 'Behalten',
}
