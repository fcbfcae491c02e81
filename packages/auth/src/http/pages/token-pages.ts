import { days, isoTime } from '../../lib/clock.ts'
import { AuthError } from '../../lib/errors.ts'
import { makePersonalToken, revokePersonalToken } from '../../sign-in/change-tokens.ts'
import type { SignInContext } from '../../sign-in/sign-in-context.ts'
import { type HostText, textIn } from '../../words/host-text.ts'
import { english, type Words } from '../../words/words.ts'
import { answers, personalTokenBody } from '../auth-schemas.ts'
import { type Exchange, sessionOf } from '../exchange.ts'
import { type Route, route, routeOfForm } from '../route.ts'
import type { FormError } from '../views/forms.ts'
import { settingsFrame } from '../views/settings-frame.ts'
import { type TokensView, tokenMadeView, tokensView } from '../views/tokens-view.ts'
import { doneAnswer, isForm, nameErrors, showAgain, wordedErrors } from './form-answers.ts'

const HOME = '/settings/tokens'

/** What is wrong with a token that is to be made. */
const errorsOf = (words: Words): Readonly<Record<string, string>> => ({
  ...nameErrors(words),
  'name.too_long': words.devices.tokens.nameTooLong,
  'scopes.required': words.devices.tokens.choose,
  'scopes.invalid': words.devices.tokens.chooseKnown,
})

/** Personal tokens for programs (S6). `scopes` names what one may be allowed, with words for people. */
export function tokenPages(context: SignInContext, scopes: Readonly<Record<string, HostText>>): Route[] {
  const worded = (words: Words): Record<string, string> =>
    Object.fromEntries(Object.entries(scopes).map(([name, text]) => [name, textIn(text, words)]))
  async function home(exchange: Exchange, errors: FormError[], typed: TokensView['typed']) {
    const tokens = await context.personalTokens.list(sessionOf(exchange).user.id)
    const isRevoked = exchange.query.get('done') === 'revoked' && errors.length === 0
    const { words } = exchange
    const { tokens: say } = words.devices
    return settingsFrame({
      words,
      active: HOME,
      title: say.title,
      lead: say.lead,
      errors,
      notice: isRevoked ? { kind: 'done', text: say.revoked } : null,
      content: tokensView({ words, tokens, scopes: worded(words), now: context.clock(), errors, typed }),
    })
  }

  /** A program names them in a list; a form has a box for each. */
  function scopesIn(body: { readonly scopes?: readonly string[] | undefined } & Readonly<Record<string, unknown>>) {
    const wanted = body.scopes ?? Object.keys(scopes).filter((scope) => body[`scope-${scope}`] !== undefined)
    const unknown = wanted.find((scope) => !Object.hasOwn(scopes, scope))
    if (wanted.length > 0 && unknown === undefined) return [...new Set(wanted)]
    const { choose, chooseKnown } = english.devices.tokens
    const [code, message] = unknown === undefined ? ['required', choose] : ['invalid', chooseKnown]
    throw new AuthError('invalid_fields', { fields: [{ field: 'scopes', code, message }] })
  }

  return [
    route({
      method: 'GET',
      path: HOME,
      stepUp: true,
      summary: 'Personal tokens of the account, without the tokens; JSON for a program that asks for it.',
      answers: { 200: answers.personalTokens },
      async handle(exchange) {
        if (!exchange.wantsJson) return exchange.page(await home(exchange, [], { name: '', days: '90' }))
        const tokens = await context.personalTokens.list(sessionOf(exchange).user.id)
        return exchange.json({
          success: true,
          scopes: worded(english),
          tokens: tokens.map((token) => ({
            id: token.id,
            name: token.name,
            scopes: token.scopes,
            created_at: isoTime(token.createdAt),
            expires_at: isoTime(token.expiresAt),
            last_used_at: token.lastUsedAt === null ? null : isoTime(token.lastUsedAt),
            last_used_from: token.lastUsedFrom,
          })),
        })
      },
    }),
    routeOfForm({
      method: 'POST',
      path: HOME,
      stepUp: true,
      summary:
        'Makes a personal token and shows it, this once. `scopes` in JSON; in a form a field `scope-NAME` for each.',
      body: personalTokenBody,
      answers: { 200: answers.personalTokenMade },
      async handle(exchange, body) {
        const wanted = { name: body.name, scopes: scopesIn(body), lifetime: days(body.days) }
        const made = await makePersonalToken(context, sessionOf(exchange), wanted, exchange.client)
        if (isForm(exchange)) {
          const { words } = exchange
          const content = tokenMadeView({ ...made, words, name: body.name })
          return exchange.page({ title: words.devices.tokens.newTitle, words, room: 'form', body: content })
        }
        const { id, token, expiresAt } = made
        return exchange.json({ success: true, message: 'Keep the token.', id, token, expires_at: isoTime(expiresAt) })
      },
      onError: async (exchange, error, raw) =>
        showAgain(
          exchange,
          error,
          await home(exchange, wordedErrors(error, exchange.words, errorsOf(exchange.words)), {
            name: raw('name'),
            days: raw('days') || '90',
          }),
        ),
    }),
    route({
      method: 'POST',
      path: `${HOME}/:id/revoke`,
      summary: 'Revokes a personal token, at once.',
      answers: { 200: answers.message, 303: 'For a form: back to the tokens.' },
      async handle(exchange) {
        const id = exchange.params['id'] ?? ''
        if (!(await revokePersonalToken(context, sessionOf(exchange), id, exchange.client))) {
          throw new AuthError('not_found')
        }
        return doneAnswer(exchange, `${HOME}?done=revoked`, english.devices.tokens.revoked)
      },
    }),
  ]
}
