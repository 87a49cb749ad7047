import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

describe('readOptions', () => {
  it('starts the show with thirty users on any free ports', () => {
    expect(readOptions([])).toEqual({ once: false, users: 30, portBase: 0, keep: false, help: false })
  })

  it('reads every option', () => {
    const options = readOptions(['--once', '--users', '5', '--port-base', '4000', '--keep', '-h'])
    expect(options).toEqual({ once: true, users: 5, portBase: 4000, keep: true, help: true })
  })

  it('refuses numbers that are none or too large', () => {
    for (const users of ['0', '201', '-1', '1e2', '5.5', '', 'ten'])
      expect(() => readOptions([`--users=${users}`])).toThrow('--users is a whole number from 1 to 200')
    expect(() => readOptions(['--port-base', '65533'])).toThrow('--port-base is a whole number')
  })

  it('refuses options that it does not know', () => {
    expect(() => readOptions(['--twice'])).toThrow(TypeError)
  })
})
