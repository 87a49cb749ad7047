/** German: the words of the screens that are loaded when they are opened. */
import type { words as english } from '../en/screens.ts'
import type { Translation } from '../translation.ts'
import { audit } from './audit.ts'
import { firstRun } from './first-run.ts'
import { fleet } from './fleet.ts'
import { key } from './key.ts'
import { rotate } from './rotate.ts'
import { running } from './running.ts'
import { settings } from './settings.ts'

export const words: Translation<typeof english> = { audit, firstRun, fleet, key, rotate, running, settings }
