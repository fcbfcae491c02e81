import { english, forgotView, linkInvalidView, loginView, registerView, resetView } from '@miachat/auth/views'
import { outboxCodeView, outboxView } from '../src/mail/outbox-view.ts'
import { errorPage, errorTitle, wrongAddressPage } from '../src/views/error-pages.ts'
import { guest, longName, type Sample, unbroken } from './gallery-samples.ts'

const wrongSignIn = [{ field: '', message: 'That user name or password is not right. Check both.' }]

const byOperator = {
  title: 'You run this server yourself',
  text: 'Type this on the machine, and open the link that it prints:',
  command: 'npx miachat user reset-link NAME',
}

const goesTo = {
  sentence: 'This server sends no mail: it puts letters into a folder of its own.',
  link: { href: '/outbox', label: 'Letters of this machine' },
}

const outbox = { folder: '/home/mia/data/outbox', baseUrl: 'http://localhost:8080', now: Date.UTC(2026, 10, 23, 9) }

const letter = {
  name: 'a',
  to: `${unbroken}@example.org`,
  subject: `Set a new password for ${longName}`,
  date: '2026-11-23T08:55:00.000Z',
  text: `Hello ${longName},\n\nSet a new password:\nhttp://localhost:8080/auth/reset?token=${unbroken}\n\n-- \nMiaChat\n`,
}

/** Sign-in, registration, reset, and every refusal. */
export const guestPages: readonly Sample[] = [
  guest('login', 'Sign in', '/auth/login', loginView({ rememberDays: 30, sharedMinutes: 15, registrationOpen: true })),
  guest(
    'login-wrong',
    'Sign in',
    '/auth/login',
    loginView({
      rememberDays: 30,
      sharedMinutes: 15,
      registrationOpen: true,
      identifier: 'mia',
      remember: true,
      errors: wrongSignIn,
    }),
    { hasErrors: true },
  ),
  guest(
    'login-http',
    'Sign in',
    '/auth/login',
    loginView({ rememberDays: 30, sharedMinutes: 15, registrationOpen: false, httpWarning: true, next: '/chat' }),
  ),
  guest(
    'login-throttled',
    'Sign in',
    '/auth/login',
    loginView({
      rememberDays: 30,
      sharedMinutes: 15,
      registrationOpen: true,
      identifier: longName,
      errors: [{ field: '', message: 'Too many attempts. Try again in 4 minutes.' }],
    }),
    { hasErrors: true },
  ),
  guest(
    'register',
    'Create an account',
    '/auth/register',
    registerView({ passwordMinLength: 8, registration: 'open' }),
  ),
  guest(
    'register-wrong',
    'Create an account',
    '/auth/register',
    registerView({
      passwordMinLength: 8,
      registration: 'open',
      username: 'mia',
      email: unbroken,
      errors: [
        { field: 'username', message: '“mia” is taken. Free: mia-7, mia.k, miachat-mia.' },
        { field: 'email', message: 'Enter an e-mail address such as name@example.org.' },
        { field: 'password', message: 'Use at least 8 characters. A short sentence works best.' },
      ],
    }),
    { hasErrors: true },
  ),
  guest(
    'register-closed',
    'No new accounts here',
    '/auth/register',
    registerView({ passwordMinLength: 8, registration: 'closed' }),
  ),
  guest(
    'register-by-invitation',
    'By invitation only',
    '/auth/register',
    registerView({ passwordMinLength: 8, registration: 'invitation' }),
  ),
  guest(
    'register-invited',
    'Create an account',
    '/auth/register',
    registerView({
      passwordMinLength: 8,
      registration: 'invitation',
      invitation: { token: 'x', email: `${unbroken}@example.org` },
    }),
  ),
  guest(
    'register-approval',
    'Create an account',
    '/auth/register',
    registerView({ passwordMinLength: 8, registration: 'approval' }),
  ),
  guest(
    'forgot',
    'Forgot your password?',
    '/auth/forgot',
    forgotView({
      hasMail: false,
      ways: [
        {
          title: 'Ask for a one-time link',
          text: 'This server cannot send e-mail. The person who runs it can make a link for you that works once, without seeing your password.',
        },
        byOperator,
      ],
    }),
  ),
  guest('forgot-by-mail', 'Forgot your password?', '/auth/forgot', forgotView({ hasMail: true, ways: [byOperator] })),
  guest('forgot-asked', 'Look into your mail', '/auth/forgot', forgotView({ hasMail: true, asked: true, ways: [] })),
  guest(
    'forgot-folder',
    'Forgot your password?',
    '/auth/forgot',
    forgotView({ hasMail: true, goesTo, ways: [byOperator] }),
  ),
  guest(
    'forgot-written',
    'A letter was written',
    '/auth/forgot',
    forgotView({ hasMail: true, goesTo, asked: true, ways: [] }),
  ),
  guest(
    'outbox-code',
    'Letters of this machine',
    '/outbox',
    outboxCodeView({ words: english, file: `/home/mia/${unbroken}/outbox/code` }),
  ),
  guest(
    'outbox-code-wrong',
    'Letters of this machine',
    '/outbox',
    outboxCodeView({
      words: english,
      file: '/home/mia/data/outbox/code',
      error: 'That is not what stands in the file.',
    }),
    { hasErrors: true },
  ),
  guest('outbox-empty', 'Letters of this machine', '/outbox', outboxView({ ...outbox, words: english, letters: [] })),
  guest(
    'outbox',
    'Letters of this machine',
    '/outbox',
    outboxView({ ...outbox, words: english, letters: [letter, { ...letter, name: 'b' }] }),
  ),
  guest('reset', 'Set a new password', '/auth/reset', resetView({ token: 'x', username: 'mia', passwordMinLength: 8 })),
  guest('reset-used', 'This link does not work any more', '/auth/reset', linkInvalidView()),
  guest('reset-late', 'This link does not work any more', '/auth/reset', linkInvalidView({ token: 'x' })),
  ...[400, 403, 404, 405, 413, 429, 500, 503].map((status) =>
    guest(
      `error-${status}`,
      errorTitle({ status }),
      '/nowhere',
      errorPage({ status, requestId: '3f1c9a27b0d4', ...([429, 503].includes(status) && { retryAfter: 240 }) }),
    ),
  ),
  guest(
    'wrong-address',
    'This server has another address',
    '/',
    wrongAddressPage({ baseUrl: 'http://localhost:8080', opened: 'http://192.168.1.5:8080' }),
  ),
]
