/** The door to the built command line, for tests that run it without waiting for its end. */
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../../keyturn/bin/keyturn.js', import.meta.url))
