/** FirstRun. */
export const FirstRun = () => null
