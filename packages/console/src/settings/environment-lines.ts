/** environmentLines, ringOfScopes: the variables with which a program finds the hub. */

const instance = 'instance:'

/** The ring of a token for instances. */
export const ringOfScopes = (scopes: readonly string[]): string | undefined =>
  scopes.find(scope => scope.startsWith(instance))?.slice(instance.length)

export function environmentLines(url: string, scopes: readonly string[], file: string): readonly string[] {
  const ring = ringOfScopes(scopes)
  return [
    `KEYTURN_URL=${url}`,
    ...(ring === undefined ? [] : [`KEYTURN_RING=${ring}`]),
    `KEYTURN_TOKEN_FILE=${file}`,
  ]
}
