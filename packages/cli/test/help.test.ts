import { describe, expect, it } from 'vitest'
import { keyturn } from '../../../test/support/cli.ts'
import { commands } from '../src/commands.ts'

describe('keyturn help', () => {
  it('shows the first seven commands, and all of them on request', async () => {
    const first = (await keyturn(['help'])).stdout
    expect(first).toBe((await keyturn(['--help'])).stdout)
    for (const args of [
      ['help', 'all'],
      ['help', '--all'],
    ]) {
      const all = (await keyturn(args)).stdout
      for (const { name, summary, isFirst } of commands) {
        expect(all).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'))
        expect(new RegExp(`^ {2}${name}[ |]`, 'm').test(first), name).toBe(isFirst === true)
      }
    }
  })

  it("shows a command's own flags, its sub-commands', and those that every command takes", async () => {
    const { code, stdout } = await keyturn(['help', 'rotate'])
    expect(code).toBe(0)
    expect(stdout).toBe((await keyturn(['rotate', '--help'])).stdout)
    expect(stdout).toMatch(/--if-due/)
    expect(stdout).toMatch(/--file <path>/)
    expect((await keyturn(['help', 'key', 'import'])).stdout).toMatch(/Usage: keyturn key import/)
    expect((await keyturn(['help', 'generate-jwt-secret'])).stdout).toMatch(/--length/)
  })

  it('lists exit codes and variables, for programs too', async () => {
    const codes = await keyturn(['help', 'exit-codes', '--plain'])
    expect(codes.stdout.split('\n').map(line => line.split('\t')[0])).toEqual([
      ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '10'],
      '',
    ])
    const variables = JSON.parse((await keyturn(['help', 'environment', '--json'])).stdout) as {
      schema: string
      rows: { variable: string }[]
    }
    expect(variables.schema).toBe('keyturn/environment/v1')
    expect(variables.rows.map(({ variable }) => variable)).toContain('JWT_SECRET_KEY_PREVIOUS')
  })

  it('exits 2 on an unknown topic, with what was probably meant', async () => {
    const unknown = await keyturn(['help', 'rotat'])
    expect(unknown).toMatchObject({ code: 2, stdout: '' })
    expect(unknown.stderr).toMatch(/did you mean keyturn help rotate\?/)
    expect((await keyturn(['help', 'key', 'improt'])).stderr).toMatch(
      /did you mean keyturn help key import\?/,
    )
    expect(await keyturn(['help', 'xyzzyx'])).toMatchObject({ code: 2 })
  })
})
