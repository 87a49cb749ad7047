/** invitation: the commands to try in a second terminal, and what each does to the users. */
import { keyturnName } from './keyturn-command.ts'
import { ringName } from './site.ts'

export function invitation(envFile: string): string {
  const keyturn = keyturnName()
  const file = `--file ${envFile}`
  const reason = '--reason "trying it out"'
  const commands: readonly (readonly [command: string, ...consequences: string[]])[] = [
    [`rotate ${file} ${reason}`, 'A new key signs. Nobody is signed out, no request is refused.'],
    [
      `rotate ${file} --mode hard ${reason}`,
      'Every token and session ends at once; everybody logs in again.',
    ],
    [`rollback ${file} ${reason}`, 'Takes the newest rotation back: old tokens and sessions work again.'],
    [
      `emergency ${file} ${reason} --confirm ${ringName}`,
      'A key leaked: every key is dead within a second, for good. Everybody logs in again.',
    ],
    [`status ${file}`, 'Keys, backends, and which key verified how many tokens. Changes nothing.'],
  ]
  return [
    '',
    'Open a second terminal in this folder, try these, and watch the line below.',
    '',
    ...commands.flatMap(([command, ...consequences]) => [
      `  ${keyturn} ${command}`,
      ...consequences.map(consequence => `      ${consequence}`),
    ]),
    '',
    'A second graceful rotation within 48 h needs --force: the key before is still retiring.',
    'Ctrl-C stops everything and removes .demo.',
    '',
  ].join('\n')
}
