import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate that signs itself, with its key; `file` is the certificate, for NODE_EXTRA_CA_CERTS. */
export type Certificate = { key: string; cert: string; file: string }

/** Why no certificates can be made on this machine; false where they can. */
export const noCertificates: string | false =
  spawnSync('openssl', ['version']).status === 0 ? false : 'the command openssl is not installed'

/** Makes one in `folder` for names like `DNS:localhost`, which is good for so many days from now; it may be none. */
export function makeCertificate(folder: string, names: string, days: number): Certificate {
  mkdirSync(folder, { recursive: true })
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  writeFileSync(at('extensions'), `subjectAltName=${names}\n`)
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', ...curve, '-keyout', at('key.pem'), '-out', at('request.pem'), '-subj', '/CN=MiaChat test')
  const signed = ['-signkey', at('key.pem'), '-extfile', at('extensions'), '-days', String(days)]
  openssl('x509', '-req', '-in', at('request.pem'), ...signed, '-out', at('cert.pem'))
  return { key: readFileSync(at('key.pem'), 'utf8'), cert: readFileSync(at('cert.pem'), 'utf8'), file: at('cert.pem') }
}
