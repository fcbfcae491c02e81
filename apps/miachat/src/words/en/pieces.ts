/** What stands on pages of several rooms. */
export const pieces = {
  /** Around a link. */
  both: {
    before: 'Below is what you typed. ',
    link: 'Show what is stored now',
    after: ' in a new tab. Saving again replaces it with what stands below.',
  },
  /** Of a field. */
  tooLong: (most: string) => `Use at most ${most} characters.`,
  deleting: 'Deleting…',
  keep: 'Keep it',
}
