/** machineTime: the clock of verifiers and signers that are given none. */

/** Epoch seconds, with fractions. */
export const machineTime = (): number => Date.now() / 1000
