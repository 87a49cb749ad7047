/** showPlan: what a rotation would do, and its consequence for the people who are logged in. */
import type { Plan } from 'keyturn/rotation'
import { duration } from './moments.ts'
import type { Output } from './output.ts'

/** @param where the flags that chose the ring, to be repeated */
export function showPlan(output: Output, plan: Plan, where: string): void {
  output.document('plan', { ...plan, sessionsEnded: plan.sessionsEnded })
  output.line(
    `Plan ${plan.id}: ${plan.mode} ${plan.mode === 'rollback' ? 'of' : 'rotation of'} ${plan.ring}. Nothing changed yet.`,
  )
  output.line()
  for (const [kid, from, to] of plan.moves) output.line(`  ${sign(from, to)} ${kid}  ${from} → ${to}`)
  output.line()
  for (const [index, step] of stepsOf(plan).entries()) output.line(`  ${index + 1} ${step}`)
  output.line()
  const restored = plan.sessionsRestored ? '  Sessions that the rotation ended work again.' : ''
  output.line(`Sessions ended: ${plan.sessionsEnded === 'all' ? 'all' : '0'}.${restored}`)
  const command = plan.mode === 'rollback' ? 'rollback' : 'rotate'
  output.line(`Do exactly this:  keyturn ${command}${where} --plan ${plan.id} --reason TEXT`)
}

const sign = (from: string, to: string): string => {
  if (from === 'new') return '+'
  return to === 'destroyed' ? '-' : '~'
}

function stepsOf({ mode, grace, hold, direct, signs }: Plan): readonly string[] {
  const key = signs === 'new' ? 'the new key' : signs
  const gate = ['stage     ', 'gate      '].map((word, index) =>
    index === 0
      ? `${word} every instance learns ${key}, verify-only`
      : `${word} go on only when every instance has acknowledged`,
  )
  const first = direct ? [] : gate
  switch (mode) {
    case 'graceful':
      return [
        ...first,
        `activate   ${key} signs`,
        `drain      old tokens stay valid for ${duration(grace)}`,
        'destroy    the old key is erased',
      ]
    case 'hard':
      return [
        ...first,
        `activate   ${key} signs; every earlier token and session ends`,
        `destroy    the old keys are kept ${duration(hold)} for rollback, then erased`,
      ]
    case 'rollback':
      return [
        ...first,
        `activate   ${key} signs again`,
        `drain      tokens of the key that signed until now stay valid for ${duration(grace)}`,
      ]
  }
}
