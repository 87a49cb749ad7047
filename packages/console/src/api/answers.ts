/** What the hub answers: types only, nothing of the hub is in the console. */
export type * from '@keyturn/server/api'
