/** Where a service that is no OpenID provider lets sign in (RFC 6749), and how its answer about the person reads. */
export interface PlainOAuth {
  readonly authorization: string
  readonly token: string
  /** Answers the person as JSON to the access token. */
  readonly person: string
  /** Names of the fields of that answer. `subject` is the number that never changes, never a name that can be given away. */
  readonly fields: {
    readonly subject: string
    readonly username: string
    readonly name: string
    readonly email: string
    readonly emailVerified: string
  }
  /** Answers a list of `{ email, primary, verified }`, where the first answer does not say which address is verified. */
  readonly addresses?: string
}

/** Everything that tells one service from another. */
export interface ProviderRow {
  readonly label: string
  /** An OpenID provider's issuer, by which it is discovered; a constant for the others (OAU-03). */
  readonly issuer: string
  readonly scope: string
  /** Null for OpenID providers. */
  readonly plain: PlainOAuth | null
  /** Whether its word that an address is verified is taken: some let people write there what they like. */
  readonly vouchesForAddresses: boolean
  /** It answers by a form that it posts, as Apple does where an address is asked for. */
  readonly answersByPost: boolean
  /**
   * What it is asked in addition where somebody has to show anew who it is, for the step-up. Null where it does not say in its
   * answer when that was (`auth_time`): then nobody could tell it from a sign-in of last week.
   */
  readonly anew: Readonly<Record<string, string>> | null
}

const openId = {
  scope: 'openid email profile',
  plain: null,
  vouchesForAddresses: true,
  answersByPost: false,
  anew: { prompt: 'login', max_age: '0' },
}

/** Any OpenID provider: what its own setting does not say. */
export const anyProvider: Omit<ProviderRow, 'label' | 'issuer'> = openId

/** Services that need no more than a client id and its secret. A new one is a row here. */
export const readyProviders = {
  google: { ...openId, label: 'Google', issuer: 'https://accounts.google.com', anew: null },
  gitlab: { ...openId, label: 'GitLab', issuer: 'https://gitlab.com' },
  microsoft: {
    ...openId,
    label: 'Microsoft',
    issuer: 'https://login.microsoftonline.com/common/v2.0',
    // Says when only where its operator has asked for that.
    anew: null,
    // Whoever runs a tenant writes any address into it ("nOAuth").
    vouchesForAddresses: false,
  },
  apple: {
    ...openId,
    label: 'Apple',
    issuer: 'https://appleid.apple.com',
    scope: 'openid email',
    answersByPost: true,
    anew: null,
  },
  github: {
    ...openId,
    label: 'GitHub',
    issuer: 'https://github.com/login/oauth',
    scope: 'read:user user:email',
    plain: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
      person: 'https://api.github.com/user',
      fields: { subject: 'id', username: 'login', name: 'name', email: 'email', emailVerified: '' },
      addresses: 'https://api.github.com/user/emails',
    },
    anew: null,
  },
  discord: {
    ...openId,
    label: 'Discord',
    issuer: 'https://discord.com',
    scope: 'identify email',
    plain: {
      authorization: 'https://discord.com/oauth2/authorize',
      token: 'https://discord.com/api/oauth2/token',
      person: 'https://discord.com/api/users/@me',
      fields: {
        subject: 'id',
        username: 'username',
        name: 'global_name',
        email: 'email',
        emailVerified: 'verified',
      },
    },
    anew: null,
  },
} as const satisfies Readonly<Record<string, ProviderRow>>

export type ReadyProvider = keyof typeof readyProviders

const isKind = (name: string): name is ReadyProvider => Object.hasOwn(readyProviders, name)

/** The kinds that there are rows for. */
export const readyProviderKinds: readonly ReadyProvider[] = Object.keys(readyProviders).filter(isKind)
