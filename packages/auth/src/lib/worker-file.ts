/** The address of a worker's program beside `from`: `.ts` in the repository, `.js` in the published package. */
export function workerFile(name: string, from: string): URL {
  return new URL(`./${name}.${from.endsWith('.ts') ? 'ts' : 'js'}`, from)
}
