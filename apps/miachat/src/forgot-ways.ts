import type { AuthOptions } from '@miachat/auth'
import { inAll } from './words/words.ts'

/** What this server can do for who forgot the password: exactly what works today. */
export const forgotWays: NonNullable<AuthOptions['forgotWays']> = [
  {
    title: inAll(({ frame }) => frame.forgot.title),
    text: inAll(({ frame }) => frame.forgot.text),
    command: 'npx miachat user reset-link NAME',
  },
]
