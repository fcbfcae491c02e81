import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tlsWords } from './tls-words.ts'

test('what is wrong with a certificate is said in words of ours, with the name that it should be for', () => {
  const address = 'https://chat.example.org:8443'
  const said: [string, RegExp][] = [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /signed by itself/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /an authority that this machine does not know.*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /fullchain\.pem/],
    ['CERT_HAS_EXPIRED', /has expired/],
    ['CERT_NOT_YET_VALID', /not good yet/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /for other names than chat\.example\.org,/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /answers at chat\.example\.org:8443, but not with https/],
    ['EPROTO', /not with https/],
  ]
  for (const [code, words] of said) assert.match(tlsWords(code, address) ?? '', words, code)
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'constructor', '']) assert.equal(tlsWords(code, address), null, code)
})
