/** `npm start`: a hub, ImmoNow on three backends, users who are signed in, and a rotation to watch. */
import { DemoError } from './demo-error.ts'
import { DemoFolder } from './demo-folder.ts'
import { LiveLine } from './live-line.ts'
import { helpText, readOptions, type DemoOptions } from './options.ts'
import { runShow } from './show.ts'
import { Site } from './site.ts'
import { listenForStop, type StopSignals } from './stop-signals.ts'
import { runTour } from './tour.ts'

const line = new LiveLine(process.stdout)
const say = (text: string): void => line.print(text)

function complain(error: unknown): void {
  line.end()
  if (!(error instanceof Error)) throw error
  const { message, details } =
    error instanceof DemoError ? error : { message: error.stack ?? error.message, details: [] }
  process.stderr.write(`demo: error: ${message}\n${details.map(detail => `  ${detail}\n`).join('')}`)
}

/** The exit code. */
async function main(): Promise<number> {
  let options: DemoOptions
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`demo: error: ${error instanceof Error ? error.message : 'unknown'}\n\n${helpText}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const stop = listenForStop()
  try {
    const folder = await DemoFolder.claim('.demo', say)
    return await runIn(folder, options, stop)
  } catch (error) {
    complain(error)
    return 1
  }
}

async function runIn(folder: DemoFolder, options: DemoOptions, stop: StopSignals): Promise<number> {
  const site = new Site(folder, options)
  stop.onSecond(() => site.kill())
  try {
    const work = run(site, options)
    work.catch(() => undefined)
    const ended = await Promise.race([work, site.failure, stop.first])
    if (typeof ended === 'number') return ended
    line.end()
    say(`${ended}: stopping`)
    // The show has no other end.
    return options.once ? 1 : 0
  } catch (error) {
    complain(error)
    return 1
  } finally {
    await site.close()
    if (options.keep) say(`${folder.path} is kept; the next start removes it`)
    else folder.remove()
    say(`The hub and the backends are stopped${options.keep ? '' : `, ${folder.path} is removed`}.`)
  }
}

async function run(site: Site, options: DemoOptions): Promise<number> {
  const sayWhileOpen = (text: string): void => {
    if (!site.isClosing) say(text)
  }
  say(
    'ImmoNow, a real-estate site: three backends, users who are signed in, and a hub that keeps their keys.\n',
  )
  await site.open(sayWhileOpen)
  return options.once ? runTour(site, sayWhileOpen) : runShow(site, line)
}

const code = await main()
// Written out first, then out: an unfinished request must not hold up the end.
process.stdout.write('', () => process.exit(code))
