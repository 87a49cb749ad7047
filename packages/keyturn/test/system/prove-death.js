/** Prints its own identity, then for each identity it reads, one JSON line at a time, whether it is proved dead. */
import { createInterface } from 'node:readline'
import { isProvedDead, thisProcess } from '../../dist/process-identity.js'

console.log(JSON.stringify(thisProcess()))
for await (const line of createInterface({ input: process.stdin }))
  console.log(isProvedDead(JSON.parse(line)))
