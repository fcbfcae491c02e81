import type { Auth, Exchange } from '@miachat/auth'
import type { Config } from '../config.ts'
import { productVersion } from '../version.ts'
import { createDoctorCheck, DOCTOR_HEADER, type DoctorSight } from './doctor-token.ts'

/**
 * What the server tells of a request to whoever shows that they hold its key, and null to strangers: they must not learn
 * which proxies are trusted, nor how a request of theirs looks behind one (ADM-03).
 */
export function createDoctorSight(
  { keys, clock }: Pick<Auth, 'keys' | 'clock'>,
  config: Pick<Config, 'baseUrl' | 'trustedProxies' | 'production'>,
): (exchange: Exchange) => DoctorSight | null {
  const isFromDoctor = createDoctorCheck(keys, clock)
  return ({ request: { headers }, client, peer }) => {
    if (!isFromDoctor(headers.get(DOCTOR_HEADER))) return null
    return {
      base_url: config.baseUrl,
      client_address: client.address,
      peer_address: peer,
      forwarded_for: headers.get('x-forwarded-for'),
      forwarded_proto: headers.get('x-forwarded-proto'),
      host: headers.get('host'),
      trusted_proxies: [...config.trustedProxies],
      production: config.production,
      version: productVersion,
    }
  }
}
