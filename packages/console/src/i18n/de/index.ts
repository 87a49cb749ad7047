/** German: the words of the first screen. */
import type { words as english } from '../en/index.ts'
import type { Translation } from '../translation.ts'
import { app } from './app.ts'
import { errors } from './errors.ts'
import { overview } from './overview.ts'

export const words: Translation<typeof english> = { app, errors, overview }
