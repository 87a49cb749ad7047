/** `npm run bench`: what there is to measure. Each package has its own measurements. */
// @ts-check
const [what] = process.argv.slice(2)
await import(what === 'fleet' ? '../packages/server/bench/main.js' : '../packages/keyturn/bench/main.js')
