/** Every way in which an object gets printed, against Secret. */
import { deepStrictEqual } from 'node:assert'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../errors.ts'
import { keystream } from '../../test/keystream.js'
import { drawSecret } from './generate.ts'
import { Secret } from './secret.ts'

const text = drawSecret(64, keystream(40))
const secret = new Secret(text)

/** No piece of 6 characters: shorter ones occur by chance. */
function expectHidden(output: string): void {
  for (let at = 0; at + 6 <= text.length; at++) expect(output).not.toContain(text.slice(at, at + 6))
}

describe('Secret', () => {
  it('gives its text and its bytes only when asked by name', () => {
    expect(secret.reveal()).toBe(text)
    expect(Buffer.from(secret.bytes()).toString('utf8')).toBe(text)
    expect(Buffer.from(new Secret('ü').bytes()).toString('hex')).toBe('c3bc')
  })

  it('gives a fresh copy of its bytes, so that one can be wiped', () => {
    secret.bytes().fill(0)
    expect(Buffer.from(secret.bytes()).toString('utf8')).toBe(text)
  })

  it('converts to [secret] as a string, in templates and in concatenations', () => {
    expect(secret.toString()).toBe('[secret]')
    expect(String(secret)).toBe('[secret]')
    expect(`${secret as unknown as string}`).toBe('[secret]')
    expect('' + (secret as unknown as string)).toBe('[secret]')
    expect([secret].join()).toBe('[secret]')
    expect(Object.prototype.toString.call(secret)).toBe('[object Object]')
    expect(secret.toLocaleString()).toBe('[secret]')
    expect(Number(secret)).toBeNaN()
  })

  it('serialises to [secret] in JSON, however deep', () => {
    expect(JSON.stringify({ a: [{ secret }] })).toBe('{"a":[{"secret":"[secret]"}]}')
  })

  it('hides from util.inspect with every option', () => {
    for (const customInspect of [true, false]) {
      for (const showHidden of [true, false]) {
        const options = { customInspect, showHidden, depth: Infinity, getters: true, showProxy: true }
        for (const value of [
          secret,
          { secret },
          [secret],
          new Map([[secret, secret]]),
          new Proxy(secret, {}),
        ]) {
          expectHidden(inspect(value, options))
        }
      }
    }
    expect(inspect({ secret })).toBe('{ secret: [secret] }')
  })

  it('has no property to enumerate, to copy or to find by reflection', () => {
    expect(Reflect.ownKeys(secret)).toEqual([])
    expect(Object.getOwnPropertyNames(secret)).toEqual([])
    expectHidden(inspect({ ...secret }))
    expectHidden(inspect(Object.assign({}, secret)))
  })

  it('does not survive structuredClone or serialisation to another process', () => {
    const clone: unknown = structuredClone(secret)
    expect(Reflect.ownKeys(clone as object)).toEqual([])
    expect(clone).not.toBeInstanceOf(Secret)
    expectHidden(serialize({ secret }).toString('latin1'))
    expectHidden(serialize({ secret }).toString('utf16le'))
  })

  it('hides from every method of the console', () => {
    let output = ''
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        output += chunk.toString()
        done()
      },
    })
    const log = new Console({ stdout: sink, stderr: sink, inspectOptions: { showHidden: true, depth: null } })
    log.log(secret, { secret })
    log.log('%s %d %i %f %j %o %O %c', secret, secret, secret, secret, secret, secret, secret, secret)
    log.error(secret)
    log.dir(secret, { showHidden: true, depth: null, customInspect: false })
    log.table([{ secret }, secret])
    log.group(secret)
    log.trace(secret)
    log.assert(false, '%o', secret)
    log.count(secret as unknown as string)
    expect(output).toContain('[secret]')
    expectHidden(output)
    expectHidden(format('%s %o', secret, [secret]))
  })

  it('hides in errors: as cause, as property and in a failed comparison', () => {
    const error = Object.assign(new ConfigError('ERR_CONFIG_SECRET_WEAK', undefined, { cause: { secret } }), {
      secret,
    })
    expectHidden(inspect(new Error('outer', { cause: error }), { depth: Infinity, showHidden: true }))
    expectHidden(inspect(new AggregateError([error, new Error(String(secret))]), { depth: Infinity }))
    let difference: unknown
    try {
      deepStrictEqual({ secret }, { secret: 'something else' })
    } catch (caught) {
      difference = caught
    }
    expect(difference).toBeInstanceOf(Error)
    expectHidden(inspect(difference, { depth: Infinity }))
    let thrown: unknown
    try {
      throw secret
    } catch (caught) {
      thrown = caught
    }
    expectHidden(inspect(thrown))
  })

  it('refuses to give its text to an object that only looks like one', () => {
    expect(() => Secret.prototype.reveal.call({} as Secret)).toThrow(TypeError)
    expect(() => (Object.create(secret) as Secret).reveal()).toThrow(TypeError)
  })
})
