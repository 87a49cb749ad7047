import { generateSecret } from 'keyturn'
import { describe, expect, it } from 'vitest'
import { assignmentsIn } from './assignments.ts'

const literal = 'abcdefghijklmnop'
const linesOf = (path: string, text: string): readonly number[] =>
  assignmentsIn(path, text, ['JWT_SECRET_KEY', 'JWT_SECRET_KEY_NEXT', 'APP_KEY']).map(({ line }) => line)

describe('assignmentsIn', () => {
  it('finds literals in compose files, manifests, Dockerfiles, units and scripts', () => {
    expect(linesOf('compose.yaml', `environment:\n  JWT_SECRET_KEY: ${literal}\n`)).toEqual([2])
    expect(linesOf('compose.yaml', `environment:\n  - JWT_SECRET_KEY=${literal}\n`)).toEqual([2])
    expect(linesOf('compose.yaml', `a: b\nJWT_SECRET_KEY: "${literal}"\n`)).toEqual([2])
    expect(linesOf('compose.yaml', `- APP_KEY=\${APP_KEY:-${literal}}`)).toEqual([1])
    expect(linesOf('k8s.yml', `- name: JWT_SECRET_KEY\n  value: "${literal}"\n`)).toEqual([2])
    expect(linesOf('Dockerfile', `FROM node\nENV JWT_SECRET_KEY ${literal}\n`)).toEqual([2])
    expect(linesOf('app.service', `Environment=JWT_SECRET_KEY=${literal}`)).toEqual([1])
    expect(linesOf('run.sh', `export JWT_SECRET_KEY_NEXT='${literal}'`)).toEqual([1])
  })

  it('finds literals and fallbacks in code', () => {
    expect(linesOf('a.ts', `\nprocess.env.JWT_SECRET_KEY ?? '${literal}'`)).toEqual([2])
    expect(linesOf('a.ts', `process.env['JWT_SECRET_KEY'] = "${literal}"`)).toEqual([1])
    expect(linesOf('a.ts', `const jwtSecret = \`${literal}\``)).toEqual([1])
    expect(linesOf('a.py', `os.getenv("JWT_SECRET_KEY", "${literal}")`)).toEqual([1])
    expect(linesOf('a.py', `JWT_SECRET: str = '${literal}'`)).toEqual([1])
    expect(linesOf('a.go', `jwtSecret := "${literal}"`)).toEqual([1])
    expect(linesOf('a.json', `{"JWT_SECRET_KEY": "${literal}"}`)).toEqual([1])
  })

  it('leaves references, paths, names and short or spaced texts alone', () => {
    for (const [path, text] of [
      ['compose.yaml', `JWT_SECRET_KEY: \${JWT_SECRET_KEY:?set it first}`],
      ['compose.yaml', 'JWT_SECRET_KEY_FILE: /run/secrets/jwt_secret_key'],
      ['compose.yaml', 'JWT_SECRET_KEY: {{ vault.jwt_secret_key }}'],
      ['run.sh', 'JWT_SECRET_KEY=$(keyturn generate -q --length 64)'],
      ['run.sh', 'JWT_SECRET_KEY=short'],
      ['a.ts', 'const key = process.env.JWT_SECRET_KEY ?? process.env.OTHER_SECRET_KEY'],
      ['a.ts', "const names = { JWT_SECRET_KEY: 'JWT_SECRET_KEY_PREVIOUS' }"],
      ['a.ts', "fail('JWT_SECRET_KEY', 'must be at least 64 characters')"],
      ['a.ts', "const MY_JWT_SECRET_KEYS = 'abcdefghijklmnop'"],
      ['notes.md', `JWT_SECRET_KEY=${literal}`],
      ['.env.example', 'JWT_SECRET_KEY=your-new-64-character-secret-key-here'],
    ] as const)
      expect(linesOf(path, text), text).toEqual([])
  })

  it('takes a real secret in an example seriously', () => {
    expect(linesOf('.env.example', `A=1\nJWT_SECRET_KEY=${generateSecret()}\n`)).toEqual([2])
  })
})
