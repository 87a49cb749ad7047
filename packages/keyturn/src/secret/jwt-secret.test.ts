/** The schema, alone, in a consumer of the standard and inside zod. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { generateSecret } from './generate.ts'
import { jwtSecret } from './jwt-secret.ts'
import { checkSecret } from './strength.ts'

const good = generateSecret()
const weak = 'changeme'.repeat(7)

/** The interface as zod declares it, so that two independent declarations of the standard meet. */
interface Specified<T extends z.ZodType = z.ZodType> {
  readonly '~standard': z.core.$ZodStandardSchema<T>
}

/** What any consumer of the standard does: a settings loader over schemas of whatever libraries. */
async function loadSettings(
  schemas: Record<string, Specified>,
  environment: Record<string, string | undefined>,
): Promise<{ values: Record<string, unknown>; problems: string[] }> {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, schema] of Object.entries(schemas)) {
    const result = await schema['~standard'].validate(environment[name])
    if (result.issues === undefined) values[name] = result.value
    else problems.push(...result.issues.map(issue => `${name}: ${issue.message}`))
  }
  return { values, problems }
}

describe('jwtSecret', () => {
  it('is a Standard Schema of version 1, by the types of another implementation too', () => {
    const schema: Specified<z.ZodType<string, string>> = jwtSecret()
    expect(schema['~standard'].version).toBe(1)
    expect(schema['~standard'].vendor).toBe('keyturn')
    type Types = NonNullable<ReturnType<typeof jwtSecret>['~standard']['types']>
    expectTypeOf<Types>().toEqualTypeOf<{ readonly input: string; readonly output: string }>()
  })

  it('gives a good secret back unchanged', () => {
    expect(jwtSecret()['~standard'].validate(good)).toEqual({ value: good })
  })

  it("begins with the guide's words when a secret is too short", () => {
    const result = jwtSecret()['~standard'].validate(good.slice(0, 63))
    expect(result.issues?.[0]?.message).toMatch(/^JWT_SECRET_KEY must be at least 64 characters/)
  })

  it('makes an issue of each error, with its remedy, and of no warning', () => {
    const text = `${weak}+/`
    const errors = checkSecret(text).findings.filter(finding => finding.severity === 'error')
    const result = jwtSecret()['~standard'].validate(text)
    expect(errors.length).toBeGreaterThan(2)
    expect(result.issues).toEqual(errors.map(({ message, remedy }) => ({ message: `${message}: ${remedy}` })))
    expect(jwtSecret()['~standard'].validate(`${good}+`)).toEqual({ value: `${good}+` })
    expect(jwtSecret({ strict: true })['~standard'].validate(`${good}+`).issues).toHaveLength(1)
  })

  it('says which variable is missing or not a string', () => {
    const { validate } = jwtSecret({ variable: 'APP_KEY' })['~standard']
    expect(validate(undefined).issues?.[0]?.message).toMatch(/^APP_KEY is not set: .*keyturn generate/)
    for (const value of [null, 64, {}, [good], Buffer.from(good)]) {
      expect(validate(value).issues?.[0]?.message).toMatch(/^APP_KEY must be a string: .*keyturn generate/)
    }
  })

  it('stands beside zod schemas in any consumer of the standard', async () => {
    const schemas = { PORT: z.coerce.number().int(), JWT_SECRET_KEY: jwtSecret() }
    const loaded = await loadSettings(schemas, { PORT: '8000', JWT_SECRET_KEY: good })
    expect(loaded).toEqual({ values: { PORT: 8000, JWT_SECRET_KEY: good }, problems: [] })
    const refused = await loadSettings(schemas, { PORT: '8000', JWT_SECRET_KEY: 'short' })
    expect(refused.problems[0]).toMatch(/^JWT_SECRET_KEY: JWT_SECRET_KEY must be at least 64 characters/)
  })

  it('checks a field of a zod object, which takes no foreign schema itself', () => {
    const settings = z.object({
      JWT_SECRET_KEY: z.string().superRefine((value, context) => {
        for (const { message } of jwtSecret()['~standard'].validate(value).issues ?? []) {
          context.addIssue({ code: 'custom', message })
        }
      }),
    })
    expect(settings.parse({ JWT_SECRET_KEY: good })).toEqual({ JWT_SECRET_KEY: good })
    const result = settings.safeParse({ JWT_SECRET_KEY: weak })
    const issues = result.error?.issues ?? []
    expect(issues.map(issue => issue.path)).toEqual(issues.map(() => ['JWT_SECRET_KEY']))
    expect(issues[0]?.message).toMatch(/^JWT_SECRET_KEY must be at least 64 characters/)
    expect(JSON.stringify(result.error)).not.toContain(weak.slice(0, 12))
  })
})
