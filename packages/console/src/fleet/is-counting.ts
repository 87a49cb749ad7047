/** isCounting: whether an instance that stands so counts. One that has stopped serves nobody, and no gate waits for it. */
import type { Standing } from '../api/answers.ts'

export const isCounting = (standing: Standing): boolean => standing !== 'fenced' && standing !== 'dead'
