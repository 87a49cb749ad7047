/** childEnvironment: what the processes of the demo inherit. */

const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'TEMP']

/** Named one by one: a KEYTURN_URL or JWT_SECRET_KEY of this shell would lead the demo to a real ring. */
export function childEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  const found = inherited.flatMap(name => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(found), ...own }
}
