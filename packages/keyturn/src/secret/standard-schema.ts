/** The interface of Standard Schema v1, as far as Keyturn implements it. https://standardschema.dev */

/** A schema that any Standard Schema consumer accepts. This one answers at once, never with a promise. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    /** Judges an unknown value. */
    readonly validate: (value: unknown) => StandardResult<Output>
    /** For type inference only: absent at run time. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** The value, or what is wrong with it. */
export type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] }

/** One thing that is wrong. */
export interface StandardIssue {
  readonly message: string
}
