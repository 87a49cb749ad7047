/** showNewRing: a ring of a hub, and how an application comes to it. */
import type { InitResult } from './desk/ring-desk.ts'
import type { Output } from './output.ts'

/** @param schema of the document */
export function showNewRing(output: Output, url: string, result: InitResult, schema: string): void {
  const { ring, generation, kind } = result
  const said = kind === 'created' ? `made at ${url}, a fresh key signs` : `is at ${url} already`
  output.line(`${output.mark('ok')} ${ring} ${said}, generation ${generation}`)
  output.line('Next   give each instance of the application these variables:')
  output.line(`  KEYTURN_URL=${url}`)
  output.line(`  KEYTURN_RING=${ring}`)
  output.line('  KEYTURN_TOKEN=…   or KEYTURN_TOKEN_FILE, made by')
  output.line(
    `  keyturn access create --name ${ring.split('/')[0]} --scope instance:${ring} --write token.txt`,
  )
  output.document(schema, { ring, generation, outcome: kind, hub: url })
}
