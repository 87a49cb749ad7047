import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from '../../../test/expect-error.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { HubToken } from './hub-token.ts'

function tokenFile(text: string) {
  const path = join(temporaryFolder(), 'token')
  const write = (next: string): void => {
    writeFileSync(`${path}.new`, next)
    renameSync(`${path}.new`, path)
  }
  write(text)
  return { path, write, token: new HubToken({ path }) }
}

describe('a token from a file', () => {
  it('is its text, without white space around it', () => {
    expect(tokenFile('  kt_one\n').token.current().reveal()).toBe('kt_one')
  })

  it('is read again when the file was changed', () => {
    const { write, token } = tokenFile('kt_one\n')
    write('kt_two\n')
    expect(token.current().reveal()).toBe('kt_two')
  })

  it.each(['away', 'empty', 'a folder'])('stays what it was while the file is %s', state => {
    const { path, write, token } = tokenFile('kt_one\n')
    if (state === 'empty') write('')
    else rmSync(path)
    if (state === 'a folder') mkdirSync(path)
    expect(token.current().reveal()).toBe('kt_one')
    rmSync(path, { recursive: true, force: true })
    write('kt_two')
    expect(token.current().reveal()).toBe('kt_two')
  })

  it('is renewed for everybody who was refused with the old one', () => {
    const { write, token } = tokenFile('kt_one')
    const used = token.current()
    expect(token.isRenewed(used)).toBe(false)
    write('kt_two')
    expect([token.isRenewed(used), token.isRenewed(used)]).toEqual([true, true])
    expect(token.isRenewed(token.current())).toBe(false)
  })

  it.each(['', 'two words', 'kt_one\nkt_two', 'kt_ümlaut'])('must be a token: %j', async text => {
    const path = join(temporaryFolder(), 'token')
    writeFileSync(path, text)
    const message = await expectError(() => new HubToken({ path }), 'ERR_CONFIG_SOURCE')
    expect(message).toContain(path)
    if (text) expect(message).not.toContain(text)
  })

  it('must be there at the start', async () => {
    const path = join(temporaryFolder(), 'token')
    expect(await expectError(() => new HubToken({ path }), 'ERR_CONFIG_SOURCE')).toContain(
      'KEYTURN_TOKEN_FILE',
    )
  })
})

describe('a token from a variable', () => {
  it('is never renewed', () => {
    const token = new HubToken({ token: 'kt_one' })
    expect([token.current().reveal(), token.isRenewed(token.current())]).toEqual(['kt_one', false])
  })

  it('must be what a header can carry', async () => {
    const message = await expectError(() => new HubToken({ token: 'kt one\r\n' }), 'ERR_CONFIG_SOURCE')
    expect(message).not.toContain('kt one')
  })
})
