import { errorCodes } from '../../lib/errors.ts'

const titles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(errorCodes).map(([code, { title }]) => [code, title]),
)

/** The page of an error. */
export const errors = {
  /** By its code. */
  titles,
  goBack: 'Go back, or start again.',
  otherAddress: (address: string) =>
    `This server believes that it is at ${address}; set BASE_URL to the address that people open.`,
  start: 'Go to the start page',
  /** Before the number of the request. */
  help: 'If you ask for help, name this request: ',
}
