/** accepted: a verdict of an inner function, with a refusal thrown as the public functions throw it. */
import { Refusal } from '../src/token/refusal.ts'

export function accepted<Value>(verdict: Value | Refusal): Value {
  if (verdict instanceof Refusal) throw verdict.toError()
  return verdict
}
