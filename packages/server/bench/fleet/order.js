/** What a child process of the bench is to do: its first message, since tokens have no place in a command line. */
// @ts-check

/** @type {any} */
export const order = await new Promise(resolve => process.once('message', resolve))
