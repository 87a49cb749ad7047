/** Reads a ring again and again until its standard input ends, then prints what it saw as JSON. Argument: file. */
import { keysWithBytes } from 'keyturn/ring'
import { envFile } from 'keyturn/stores/env-file'

const { store } = envFile(process.argv[2] ?? '')
const generations = []
const faults = []
let reads = 0
const input = process.stdin.resume()

while (!input.readableEnded) {
  try {
    const ring = await store.read()
    reads += 1
    const fault = ring ? faultIn(ring) : 'no ring'
    if (fault) faults.push(fault)
    const generation = ring?.document.generation ?? -1
    const last = generations.at(-1) ?? 0
    if (generation < last) faults.push(`generation ${generation} after ${last}`)
    if (generation !== last) generations.push(generation)
  } catch (error) {
    faults.push(`${error.code}: ${error.message}`)
  }
  if (reads === 1) console.log('reading')
  await new Promise(resolve => setTimeout(resolve, 10))
}
console.log(
  JSON.stringify({ reads, seen: generations.length, last: generations.at(-1), faults: faults.slice(0, 5) }),
)

/** What is not whole in a ring. */
function faultIn({ document, secrets, edited }) {
  const active = document.keys.filter(key => key.state === 'active').length
  if (active !== 1) return `${active} active keys`
  if (edited) return `values and document disagree at generation ${document.generation}`
  const missing = keysWithBytes(document).filter(key => !secrets.has(key.kid))
  return missing.length > 0 ? `${missing.length} keys without bytes` : undefined
}
