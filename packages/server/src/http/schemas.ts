/** Schemas of what the API takes and gives. The OpenAPI description is made from them. */
export * from './answer-schemas.ts'
export * from './request-schemas.ts'
