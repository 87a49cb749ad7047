/** Playwright's global set-up: the browser. */
import { prepareChromium } from './chromium.ts'

export default prepareChromium
