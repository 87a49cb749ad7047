/** English: the words of the first screen. */
import { app } from './app.ts'
import { errors } from './errors.ts'
import { overview } from './overview.ts'

export const words = { app, errors, overview }
