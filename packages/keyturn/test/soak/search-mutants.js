/** A worker: tries the batches it is told, and answers what it found. */
// @ts-check
import { parentPort, workerData } from 'node:worker_threads'
import { tryBatch } from './mutant-batch.js'

/** @type {{ seed: string, perToken: number }} */
const { seed, perToken } = workerData

parentPort?.on('message', number => parentPort?.postMessage(tryBatch(seed, number, perToken)))
