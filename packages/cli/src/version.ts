/** The version of the package that this command line is bundled into. */

declare const KEYTURN_VERSION: string

export const version = KEYTURN_VERSION
