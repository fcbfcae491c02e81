/** What of a certificate makes a browser turn people away, and what to do; by the codes of Node and OpenSSL. */
const words: Readonly<Record<string, (host: string) => string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: () =>
    'The certificate is signed by itself, so browsers warn people away. Let the proxy get one from an authority.',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () =>
    'The certificate is sent without the ones between it and its authority, or this machine does not know the authority. ' +
    'Give the proxy the file with the whole chain, often called fullchain.pem.',
  CERT_HAS_EXPIRED: () =>
    'The certificate has expired, so browsers warn people away. Renew it, and see why that did not happen by itself.',
  CERT_NOT_YET_VALID: () =>
    'The certificate is not good yet, or the clock of this machine is behind. Look at the clock first.',
  CERT_REVOKED: () => 'The certificate was revoked by its authority. Get a new one.',
  ERR_TLS_CERT_ALTNAME_INVALID: (host) =>
    `The certificate is for other names than ${host}, so browsers warn people away. Get one for this name, or set BASE_URL to the name that it is for.`,
}

function unknownAuthority(): string {
  return (
    'The certificate is from an authority that this machine does not know, so browsers may warn people away. Get one from ' +
    'a public authority; if it is your own that people know, run the doctor with NODE_EXTRA_CA_CERTS set to its file.'
  )
}

/** What is wrong with the https of an address in plain words; null where the code is of something else. */
export function tlsWords(code: string, address: string): string | null {
  const known = Object.hasOwn(words, code) ? words[code] : undefined
  const { hostname, host } = new URL(address)
  if (known) return known(hostname)
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return `Something answers at ${host}, but not with https that can be used (${code}). Look at the proxy and its certificate.`
  }
  return null
}
