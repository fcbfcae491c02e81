export async function doctorCommand(_: readonly string[]): Promise<number> {
  return 0
}
