/** defined: a body without the fields that were not given: `undefined` is not the same as absent. */
export function defined<Result>(body: unknown): Result {
  const fields = Object.entries(body as Record<string, unknown>).filter(([, value]) => value !== undefined)
  return Object.fromEntries(fields) as Result
}
