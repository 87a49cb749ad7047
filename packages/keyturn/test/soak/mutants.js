/** Tries millions of mutants on the built library: mutants.js [--count N] [--seed TEXT] [--batch N]. Exit code 1 if one passes. */
// @ts-check
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'

const values = options()
const { seed } = values
const count = wholeNumber('count', values.count)
/** The one batch to try again. */
const only = values.batch === undefined ? undefined : wholeNumber('batch', values.batch)
const perToken = 2_000

function options() {
  try {
    return parseArgs({
      options: {
        count: { type: 'string', default: '10_000_000' },
        seed: { type: 'string', default: randomBytes(8).toString('hex') },
        batch: { type: 'string' },
      },
    }).values
  } catch (error) {
    return refuse(/** @type {Error} */ (error).message)
  }
}

/**
 * @param {string} what
 * @returns {never}
 */
function refuse(what) {
  process.stderr.write(`mutants: error: ${what}\n`)
  process.exit(2)
}

/**
 * @param {string} name
 * @param {string} text
 */
function wholeNumber(name, text) {
  const number = Number(text.replaceAll('_', ''))
  if (Number.isSafeInteger(number) && number >= 0) return number
  return refuse(`--${name} is a whole number`)
}

const found = { tried: 0, tokens: 0, faults: /** @type {string[]} */ ([]) }
const startedAt = performance.now()
let told = 0

const verdict = () =>
  found.faults.length === 0 ? '0 accepted' : `${found.faults.length} accepted or misjudged`

/** Once a second on a terminal, once a million elsewhere. */
function tell() {
  const now = process.stderr.isTTY ? Math.floor(performance.now() / 1000) : Math.floor(found.tried / 1e6)
  if (now === told) return
  told = now
  const share = Math.min(100, Math.floor((100 * found.tried) / count))
  const line = `${found.tried.toLocaleString('en')} mutants, ${verdict()}, ${share} %`
  process.stderr.write(process.stderr.isTTY ? `\r${line} ` : `${line}\n`)
}

let next = only ?? 0
const goesOn = () => (only === undefined ? found.tried < count : next === only) && found.faults.length === 0

/** Batches one after the other, until there are enough or one of them found something. */
function search() {
  const worker = new Worker(new URL('search-mutants.js', import.meta.url), { workerData: { seed, perToken } })
  return new Promise((resolve, reject) => {
    const step = () => (goesOn() ? worker.postMessage(next++) : resolve(worker.terminate()))
    worker.on('error', reject)
    worker.on('message', (/** @type {typeof found} */ batch) => {
      found.tried += batch.tried
      found.tokens += batch.tokens
      found.faults.push(...batch.faults)
      tell()
      step()
    })
    step()
  })
}

process.stderr.write(`seed ${seed}\n`)
await Promise.all(Array.from({ length: only === undefined ? availableParallelism() : 1 }, search))
if (process.stderr.isTTY) process.stderr.write('\n')
for (const fault of found.faults.slice(0, 20)) console.log(fault)
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
const [tried, tokens] = [found.tried, found.tokens].map(number => number.toLocaleString('en'))
console.log(`${tried} mutants of ${tokens} tokens, ${verdict()}, ${seconds} s, seed ${seed}`)
if (found.faults.length > 0) process.exitCode = 1
