import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { keyturn } from '../../../test/support/cli.ts'
import { makeFolder } from './folder.ts'

const run = (
  shell: string,
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(shell, args, { encoding: 'utf8', input })
const has = (shell: string): boolean => run(shell, ['-c', 'true']).status === 0

/** What bash offers for the last of these words. */
function offered(script: string, cwd: string, words: readonly string[]): readonly string[] {
  const program = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _keyturn; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', program, 'bash', ...words], { cwd, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(word => word !== '')
}

describe('keyturn completion bash', () => {
  it('offers commands, sub-commands, flags, values and files', async () => {
    const folder = makeFolder({ 'my.env': '', 'src/a.ts': '' })
    const { code, stdout } = await keyturn(['completion', 'bash'])
    expect(code).toBe(0)
    expect(run('bash', ['-n'], stdout)).toMatchObject({
      status: 0,
      stderr: '',
    })
    const offer = (...words: string[]): readonly string[] =>
      offered(stdout, folder.path, ['keyturn', ...words])
    expect(offer('ro')).toEqual(['rotate', 'rollback'])
    expect(offer('--json', '-e', 'x', 'aud')).toEqual(['audit'])
    expect(offer('audit', '')).toEqual(['list', 'show', 'verify'])
    expect(offer('rotate', '--al')).toEqual(['--all-environments'])
    expect(offer('check', '--s')).toEqual(['--strict', '--sarif'])
    expect(offer('rotate', '--mode', '')).toEqual(['graceful', 'hard'])
    expect(offer('rotate', '--mode', '=', 'h')).toEqual(['hard'])
    expect(offer('emergency', '--cause', 'br')).toEqual(['breach'])
    expect(offer('status', '--file', 'm')).toEqual(['my.env'])
    expect(offer('rotate', '--reason', '')).toEqual([])
    expect(offer('help', 'exit')).toEqual(['exit-codes'])
    expect(offer('completion', '')).toEqual(['bash', 'zsh', 'fish'])
  })
})

describe('keyturn completion zsh', () => {
  it('names every command, and zsh can read it', async ({ skip }) => {
    const { code, stdout } = await keyturn(['completion', 'zsh'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^#compdef keyturn\n/)
    expect(stdout).toContain("'key import'")
    if (!has('zsh')) skip('no zsh here')
    expect(run('zsh', ['-n'], stdout)).toMatchObject({
      status: 0,
      stderr: '',
    })
  })
})

describe('keyturn completion fish', () => {
  it('names every command, and fish completes with it', async ({ skip }) => {
    const { code, stdout } = await keyturn(['completion', 'fish'])
    expect(code).toBe(0)
    expect(stdout).toContain("'key import'")
    if (!has('fish')) skip('no fish here')
    const program = `${stdout}\ncomplete -C 'keyturn rotate --mode '`
    const { stdout: offers } = run('fish', ['--no-config', '-c', program])
    expect(offers.split('\n').map(line => line.split('\t')[0])).toEqual(['graceful', 'hard', ''])
  })
})

describe('keyturn completion', () => {
  it('exits 2 for another shell', async () => {
    expect(await keyturn(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' })
    expect(await keyturn(['completion'])).toMatchObject({ code: 2, stdout: '' })
  })
})
