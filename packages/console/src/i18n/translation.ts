/** Translation: the same words in another language. A missing one does not compile. */
export type Translation<Words> = {
  readonly [Name in keyof Words]: Words[Name] extends string ? string : Translation<Words[Name]>
}
