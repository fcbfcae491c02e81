import type { Connection } from './db/connection.ts'
import { readCookie } from './http/cookies.ts'
import { createHostGuard, type HostAccess, type Verdict } from './http/host-guard.ts'
import { type HostRequest, headerOf, peerOf } from './http/host-request.ts'
import type { PageSettings } from './http/pages/page-settings.ts'
import { signInCookies, signOutCookies } from './http/pages/session-cookies.ts'
import type { SiteDeps } from './http/site.ts'
import { AuthError } from './lib/errors.ts'
import type { Client } from './lib/log.ts'
import type { Sender } from './mail/sender.ts'
import type { DoorSignal } from './sessions/open-doors.ts'
import { makeResetLinkFor, setAccountActive, setRole } from './sign-in/administer.ts'
import { checkPassword } from './sign-in/check-password.ts'
import { finish, startedNow } from './sign-in/finish.ts'
import { holdOpen } from './sign-in/hold-open.ts'
import { firstAdministratorUrl, type InvitationMade, type InvitationOrder, invite } from './sign-in/invite.ts'
import { addPerson, type NewPerson } from './sign-in/register.ts'
import type { SignInContext } from './sign-in/sign-in-context.ts'
import { signOut } from './sign-in/sign-out.ts'
import { type Sweeper, startSweeper, sweepOnce } from './sweeper.ts'
import { findAccount } from './users/find-account.ts'
import { importPeople } from './users/import-people.ts'
import type { PersonImported, PersonToImport } from './users/imported-person.ts'
import { type Role, type User, userOf } from './users/user.ts'
import { opensByProof } from './users/user-store.ts'

const hostClient: Client = { address: 'host', userAgent: '', requestId: 'host' }

/** A password that was checked for a host app: what `loginUserSession` takes, and nothing else makes. */
export interface AuthenticatedUser {
  readonly user: User
  readonly method: 'password'
}

/** The functions of the library for host apps, under the seed's names. */
export function authApi(
  context: SignInContext,
  wiring: {
    siteDeps: SiteDeps
    pageSettings: PageSettings
    connection: Connection
    closesConnection: boolean
    sender: Sender | null
  },
) {
  const { siteDeps, pageSettings, connection } = wiring
  const proofs = new WeakMap<AuthenticatedUser, Awaited<ReturnType<typeof checkPassword>>>()
  let sweeper: Sweeper | null = null

  const hostGuard = createHostGuard(siteDeps)

  const cookieOf = (request: HostRequest, name: 'session' | 'device' | 'trusted'): string | null =>
    readCookie(headerOf(request, 'cookie'), pageSettings.cookies[name])

  const clientOf = (request: HostRequest, peer: string | undefined): Client => ({
    address: siteDeps.addressOf(peerOf(request, peer), headerOf(request, 'x-forwarded-for')),
    userAgent: headerOf(request, 'user-agent') ?? '',
    requestId: 'host',
  })

  return {
    /**
     * Changes the host's own fields of a person: `change` gets those that are stored and answers those to keep. Nobody else
     * changes them meanwhile. No rule of `userFields` is asked. Throws `not_found`.
     */
    changeFields: (
      userId: number,
      change: (fields: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
    ): Promise<void> =>
      context.changes.transaction(async (trx, changed) => {
        const row = await context.users.get(trx, userId)
        if (!row) throw new AuthError('not_found')
        await context.users.setProfile(trx, userId, { fields: JSON.stringify(change(userOf(row).fields)) })
        changed(userId)
      }),

    /**
     * Makes an account (no session, no limits: the host decides who may call it). Throws `invalid_fields`,
     * `username_taken`, `email_taken`.
     */
    registerUser: (person: NewPerson): Promise<User> => addPerson(context, person, hostClient, 'host app'),

    /**
     * Checks a name or address and a password, with the limits of this client; opens nothing. Throws
     * `invalid_credentials`, `account_waiting`, `too_many_attempts`, `overloaded`. `peer` is the socket's address where `request` is a web-standard one; Node's, Express's and Fastify's know
     * it. Throws `cross_site_request` for a form that another site made the browser post (login CSRF).
     */
    async authenticateUser(
      identifier: string,
      password: string,
      request: HostRequest,
      peer?: string,
    ): Promise<AuthenticatedUser> {
      hostGuard.refuseCrossSite(request, peer)
      const device = cookieOf(request, 'device')
      const client = clientOf(request, peer)
      const right = await checkPassword(context, { identifier, password, client, device, event: 'sign_in' })
      try {
        const user = await context.changes.transaction(async (trx) => {
          await right.settle(trx)
          const row = await context.users.get(trx, right.userId)
          if (!row || !opensByProof(row)) throw new AuthError('invalid_credentials')
          // A host may take the answer itself for a sign-in.
          if (row.waits_since !== null) throw new AuthError('account_waiting')
          return userOf(row)
        })
        const authenticated: AuthenticatedUser = { user, method: 'password' }
        proofs.set(authenticated, right)
        return authenticated
      } catch (error) {
        await right.release(error)
        throw error
      }
    },

    /**
     * Starts a session for somebody whom `authenticateUser` has just checked; answers the values of Set-Cookie. Where
     * the account has an authenticator it starts none and throws `second_factor_required`: `answerError` then leads a
     * person to the page that asks for the code and gives a program the pending value (MFA-06).
     */
    async loginUserSession(
      authenticated: AuthenticatedUser,
      request: HostRequest,
      options: { remember?: boolean | undefined; peer?: string | undefined } = {},
    ): Promise<string[]> {
      const right = proofs.get(authenticated)
      if (!right) throw new TypeError('loginUserSession takes what authenticateUser answered, once.')
      proofs.delete(authenticated)
      const started = await finish(
        context,
        {
          method: 'password',
          event: 'sign_in',
          factors: ['knowledge'],
          client: clientOf(request, options.peer),
          async establish(trx) {
            await right.confirm(trx)
            return right.userId
          },
        },
        {
          kind: 'session',
          remember: options.remember ?? false,
          former: cookieOf(request, 'session'),
          device: cookieOf(request, 'device'),
          trusted: cookieOf(request, 'trusted'),
        },
      )
      return signInCookies(pageSettings, startedNow(started))
    },

    /**
     * Ends the session of this request on the server; answers the values of Set-Cookie. Throws `cross_site_request`: no
     * other site signs anybody out.
     */
    async logoutUserSession(request: HostRequest, peer?: string): Promise<string[]> {
      hostGuard.refuseCrossSite(request, peer)
      const value = cookieOf(request, 'session')
      if (value !== null) await signOut(context, value, clientOf(request, peer))
      return signOutCookies(pageSettings)
    },

    /** Who is signed in by the session cookie of this request, or null. */
    async getCurrentUserFromSession(request: HostRequest): Promise<User | null> {
      const value = cookieOf(request, 'session')
      return value === null ? null : ((await context.sessions.check(value))?.user ?? null)
    },

    /**
     * The person of the session cookie. Throws `not_signed_in`, and `cross_site_request` where another site made the
     * browser send an unsafe request.
     */
    requireSessionAuth: (request: HostRequest, peer?: string): Promise<User> =>
      hostGuard.admit('session', request, peer),

    /**
     * The person of the session, who has shown in the last ten minutes who it is (LOG-08). Throws `not_signed_in`,
     * `step_up_required`: `answerError` then leads a person to the page that asks, and back.
     */
    requireStepUp: (request: HostRequest, peer?: string): Promise<User> => hostGuard.admit('confirmed', request, peer),

    /** The person of the access token. Throws `not_signed_in` without one, `invalid_token` for a bad one. */
    requireBearerAuth: (request: HostRequest, peer?: string): Promise<User> => hostGuard.admit('bearer', request, peer),

    /** The person of the access token or, where none is given, of the session cookie. Throws what those two throw. */
    requireEitherAuth: (request: HostRequest, peer?: string): Promise<User> => hostGuard.admit('either', request, peer),

    /**
     * Never throws for a refused request: answers the person, or the response to send instead, as the library's own routes
     * would give it (303 to the sign-in page for a browser, a problem document for a program). Adapters are made of it.
     */
    guard: (access: HostAccess, request: HostRequest, peer?: string): Promise<Verdict> =>
      hostGuard.guard(access, request, peer),

    /**
     * What the library answers to an error of its own: for the error handler of a host whose routes call the functions
     * above. Any other error is a fault: 500, and the log gets to know it.
     */
    answerError: (error: unknown, request: HostRequest, peer?: string): Promise<Response> =>
      hostGuard.answerError(error, request, peer),

    /** What an operator does, on the command line or in a host's own administration. */
    admin: {
      async findUser(identifier: string): Promise<User | null> {
        const account = await findAccount(context.users, identifier)
        const row = account && (await context.users.findById(account.id))
        return row ? userOf(row) : null
      },
      /**
       * Every account that has these words as its name or its address: imported ones can share them, and then whoever
       * disables one must not meet another.
       */
      async findUsers(identifier: string): Promise<User[]> {
        const { users } = context
        const found = await Promise.all([
          findAccount(users, identifier),
          users.findByUsername(identifier),
          users.findByEmail(identifier),
        ])
        const ids = new Set(found.flatMap((account) => (account ? [account.id] : [])))
        const rows = await Promise.all([...ids].map((id) => users.findById(id)))
        return rows.flatMap((row) => (row ? [userOf(row)] : []))
      },
      async getUser(userId: number): Promise<User | null> {
        const row = await context.users.findById(userId)
        return row ? userOf(row) : null
      },
      /** A page of accounts by id. */
      async listUsers(after: number, most: number) {
        const rows = await context.users.list(after, most)
        return rows.map((row) => ({
          ...userOf(row),
          isActive: Boolean(row.is_active),
          isWaiting: row.waits_since !== null,
        }))
      },
      addUser: (person: NewPerson, actor: string): Promise<User> => addPerson(context, person, hostClient, actor),
      setActive: (userId: number, active: boolean, actor: string): Promise<void> =>
        setAccountActive(context, userId, active, { by: actor, client: hostClient }),
      /** Makes somebody an administrator, or no longer one. Throws `not_found`, and `last_admin` for the only one. */
      setRole: (userId: number, role: Role, actor: string): Promise<void> =>
        setRole(context, userId, role, { by: actor, client: hostClient }),
      /** A one-time link to set a new password; `expiresAt` is milliseconds since 1970. */
      async resetLink(userId: number, actor: string): Promise<{ url: string; expiresAt: number }> {
        const { token, expiresAt } = await makeResetLinkFor(context, userId, { by: actor, client: hostClient })
        // Built from the configured address, never from a request (RST-04).
        return { url: `${siteDeps.baseUrl.origin}/auth/reset?token=${token}`, expiresAt }
      },
      /**
       * A one-time link by which one account can be made, that of this address if one is given: sent there where this server
       * has mail (`url` is null then), else answered. Throws `registration_closed`, `invalid_fields`, `email_taken`.
       */
      invite: (order: InvitationOrder, actor: string): Promise<InvitationMade> =>
        invite(context, order, { by: actor, client: hostClient }, siteDeps.baseUrl.origin),
      /**
       * A one-time address by which somebody becomes the administrator of a server that has none; null where there is one, or
       * where the last address still works. Whoever opens it rules the server: print it where only its operator reads.
       */
      firstAdministratorUrl: (): Promise<string | null> => firstAdministratorUrl(context, siteDeps.baseUrl.origin),
      /** Takes people of another program over with their hashes; what was decided about each comes back. */
      importPeople: (people: readonly PersonToImport[], actor: string): Promise<PersonImported[]> =>
        importPeople({ ...context, kind: connection.kind }, people, { client: hostClient, actor }),
      /** The newest events of an account. */
      events: (userId: number, most: number) => context.audit.list(userId, most),
    },

    /** Deletes what has ended, at once and then every hour, in batches (SES-09). */
    startSweeping(): void {
      sweeper ??= startSweeper(context)
    },
    sweep: (): Promise<number> => sweepOnce(context),

    /** Sends the letters that are due, at once; answers how many went out. A process with mail does it each second by itself. */
    sendMail: async (): Promise<number> => (await wiring.sender?.sendDue()) ?? 0,

    /**
     * A signal for what lives longer than its request: it aborts within a second when the session of this cookie has ended,
     * in any process, by a person or by time (S2). Call `release` when the work is done. Throws `not_signed_in`.
     */
    async sessionSignal(request: HostRequest): Promise<DoorSignal> {
      const value = cookieOf(request, 'session')
      const signedIn = value === null ? null : await context.sessions.check(value)
      if (!signedIn) throw new AuthError('not_signed_in')
      return holdOpen(context, { signedIn })
    },

    /** Ends every stream of events and aborts every session's signal: before a server waits for its connections to close. */
    endStreams: (): void => context.doors.stop(),

    /** How much this process has to do, for metrics. */
    load: () => ({
      openStreams: context.doors.size,
      waitingHashes: context.hasher.waiting,
      cachedSessions: context.sessions.cached(),
      cachedTokens: context.tokens.cached(),
    }),

    /** Stops the hashing threads, the sweeps, the sending of mail and the archives, and closes a database that we opened. */
    async close(): Promise<void> {
      context.doors.stop()
      await Promise.all([sweeper?.stop(), wiring.sender?.stop(), context.exports.stop()])
      await context.hasher.close()
      if (wiring.closesConnection) await connection.close()
    },
  }
}
