/** Makes a value when it is first asked for: formatters of Intl cost a start 20 ms that shows no page. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
