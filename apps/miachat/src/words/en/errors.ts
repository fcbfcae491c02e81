/** The pages of errors, by the status that a browser is answered. */
export const errors = {
  400: { title: 'This request could not be read', detail: 'Go back, and try it once more.' },
  403: {
    title: 'This is not allowed',
    detail: 'Your account may not do this, or the request came from another site. Nothing was changed.',
  },
  404: {
    title: 'There is nothing here',
    detail: 'The address may be mistyped, or what was here has been deleted.',
  },
  405: {
    title: 'This address works in another way',
    detail: 'It belongs to a form. Open the page and use the form there.',
  },
  413: { title: 'That was too much at once', detail: 'Send less, or in smaller parts.' },
  429: { title: 'Too many attempts', detail: 'Nothing is lost.' },
  500: {
    title: 'Something went wrong on this server',
    detail: 'It is not your fault. What was saved before is still there.',
  },
  503: {
    title: 'This server is not available right now',
    detail: 'It is busy, or cannot reach its data. What was saved before is still there.',
  },
  /** The account has as many of something as it can have. */
  full: { title: 'There is no room for another', detail: 'Delete one to make room.' },
  other: { title: 'This did not work', detail: 'Nothing was changed.' },
  /** After the sentence above. */
  again: (wait: string) => ` Try again in ${wait}.`,
  start: 'Go to the start page',
  /** Before the number of the request. */
  help: 'If you ask for help, name this request: ',
  address: {
    title: 'This server has another address',
    /** Around two addresses. */
    lead: {
      before: 'This server believes that it is at ',
      opened: '. You opened ',
      after: ', where signing in would not work.',
    },
    open: (address: string) => `Open ${address}`,
    run: 'If you run this server',
    /** Around the name of a setting. */
    set: { before: 'Set ', after: ' to the address that people open, and start it again:' },
    command: 'Command',
  },
}
