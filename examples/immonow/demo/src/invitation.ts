/** invitation: where everything listens, the commands to try in a second terminal, and what each does to the users. */
import { keyturnName } from './keyturn-command.ts'
import { ringName, type Site } from './site.ts'

export function invitation(site: Site): string {
  const keyturn = keyturnName()
  const reason = '--reason "trying it out"'
  const commands: readonly (readonly [command: string, consequence: string])[] = [
    ['status', 'Keys, backends, and which key verified how many tokens. Changes nothing.'],
    [`rotate ${reason}`, 'A new key signs. Nobody is signed out, no request is refused.'],
    [`rotate --mode hard ${reason}`, 'Every token and session ends at once; everybody logs in again.'],
    [`rollback ${reason}`, 'Takes the newest rotation back: old tokens and sessions work again.'],
    [
      `emergency ${reason} --confirm ${ringName}`,
      'A key leaked: every key is dead within a second, for good. Everybody logs in again.',
    ],
    ['fleet watch', 'Beside the others: what each backend proves to the hub, as it happens.'],
  ]
  return [
    '',
    addresses(site),
    entrance(site),
    '',
    'Register at ImmoNow, rotate in the console, and go on browsing. Or open a second terminal in this folder,',
    'try these, and watch the line below.',
    '',
    ...Object.entries(site.keyturnEnv).map(([name, value]) => `  export ${name}=${value}`),
    ...commands.flatMap(([command, consequence]) => [`  ${keyturn} ${command}`, `      ${consequence}`]),
    '',
    'A second graceful rotation within 48 h needs --force: the key before is still retiring.',
    'Ctrl-C stops everything and removes .demo.',
    '',
  ].join('\n')
}

/** Where to look with a browser, line by line. */
export const addresses = ({ hub, urls: [first = '', ...others] }: Site): string =>
  [
    `  hub        ${hub}   the console; the API: ${hub}/docs`,
    `  ImmoNow    ${first}   also ${others.join('  ')}`,
  ].join('\n')

/** How whoever watches gets in, once. The tour needs nobody. */
const entrance = ({ consoleLink }: Site): string =>
  `  log in     ${consoleLink}\n             opens once: set a password for the operator demo`
