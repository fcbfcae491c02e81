import type { Providers } from '../../providers/providers.ts'
import type { Words } from '../../words/words.ts'
import type { Notice } from '../views/layout.ts'

/** What a page says to who came back from a provider without a result. Our own sentences only: an address never brings its own. */
export function providerNotice(query: URLSearchParams, providers: Providers, words: Words): Notice | null {
  const { why: sentences, otherService } = words.providers
  const why = query.get('why')
  const found = Object.entries(sentences).find(([code]) => code === why)
  if (!found) return null
  const label = providers.find(query.get('provider') ?? '')?.label ?? otherService
  return { kind: 'warning', text: found[1](label) }
}
