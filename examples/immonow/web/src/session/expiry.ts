/** When an access token is renewed: some time before it ends, sooner for tokens that live longer. */

/** Milliseconds that a request may be on its way. */
const margin = 1_000

/** Milliseconds before its end at which a token is renewed: a fifth of its life, a minute at most. */
export const renewalLead = (lifeSeconds: number): number => Math.min(60_000, lifeSeconds * 200)

/** Milliseconds from now until the token should be renewed. Tabs do not all come at the same moment. */
export function renewalDelay(lifeSeconds: number, random: () => number = Math.random): number {
  const lead = renewalLead(lifeSeconds)
  return Math.max(0, lifeSeconds * 1000 - lead - random() * lead * 0.25)
}

/** True when a request sent now might arrive after the end of the token. */
export const isSpent = (expiresAt: number, now: number): boolean => now >= expiresAt - margin
