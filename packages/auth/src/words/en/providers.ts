/** Sign-in by other services, from the way there to the page of what is linked. */
export const providers = {
  going: (label: string) => `Going to ${label}`,
  /** After the name of the service. */
  goingLead: ' asks who you are, and then sends you back here.',
  goOn: 'Go on to ',
  back: 'Back to the sign-in',
  welcome: {
    title: 'Choose a name',
    /** Around the name of the service and what the person is called there. */
    lead: {
      before: 'You are signed in at ',
      as: ' as ',
      after: '. No account here is linked to that one yet.',
    },
    name: 'User name',
    nameHint: '3 to 32 letters, figures, dots, hyphens or underscores.',
    /** Around an address. */
    address: { before: 'Your account gets the address ', after: '.' },
    submit: 'Create account',
    busy: 'Creating your account…',
    /** Around a link, and the name of the service. */
    have: {
      before: 'Have an account here already?',
      link: 'Sign in to it',
      service: ', then link ',
      after: ' in your settings.',
    },
    ended: 'This sign-in has ended',
    endedLead: 'It took too long, or was finished already. Sign in again.',
    signIn: 'Sign in',
  },
  page: {
    title: 'Sign-in by other services',
    linked: 'Linked accounts',
    linkedIntro: 'Unlinking one signs out every other device.',
    none: 'None. Only what you have set up here signs you in.',
    linkAnother: 'Link another account',
    linkIntro:
      'Whoever is signed in there can then open your account here. A code is still asked for where you use one.',
    link: 'Link ',
    linkAfter: '',
    /** Between a name and a day. */
    since: ', linked ',
    notUsed: ', not used yet',
    lastUsed: ', last used ',
    closed: ' This server does not offer it any more: it opens nothing.',
    unlink: 'Unlink',
    linkedNow: 'The account is linked. You can sign in with it.',
    unlinkedNow: 'The account is unlinked. Every other device is signed out.',
  },
  otherService: 'the other service',
  /** Why a way to a service came to nothing, by the code of the error. */
  why: {
    provider_refused: (label: string) =>
      `${label} did not sign you in, or you stopped it there. Try again, or use another way.`,
    provider_not_fresh: (label: string) =>
      `${label} did not say that you have just shown who you are there. Sign out here and in again: that counts for 10 minutes.`,
    provider_failed: (label: string) =>
      `${label} cannot be reached at the moment, or its answer was not valid. Try again in a minute, or use another way.`,
    sign_in_expired: (_label: string) =>
      'That sign-in took too long, was finished already, or was begun in another browser. Start again.',
    invalid_credentials: (label: string) => `That account at ${label} does not open an account here.`,
    registration_closed: (label: string) =>
      `No account here is linked to that one at ${label}, and this server takes no new accounts. If you have one, sign in and link ${label} in your settings.`,
    invitation_required: (label: string) =>
      `No account here is linked to that one at ${label}, and a new one needs an invitation. If you have an account, sign in and link ${label} in your settings.`,
    link_invalid: (_label: string) =>
      'That invitation has been used, was withdrawn or has expired. Ask for another one.',
    invalid_fields: (label: string) => `Your invitation is for another address than that of your account at ${label}.`,
    email_taken: (label: string) =>
      `An account here has the address of yours at ${label}. Sign in to it, then link ${label} in your settings.`,
    identity_taken: (label: string) =>
      `That account at ${label} is linked to another account here. Unlink it there first.`,
    last_way_in: (_label: string) => 'This is your only way in. Set a password before you unlink it.',
    too_many_attempts: (_label: string) => 'Too many attempts. Wait a while and start again.',
  },
}
