import { describe, expect, it } from 'vitest'
import { expectError } from '../../../test/expect-error.ts'
import { hubAddress } from './hub-address.ts'

describe('hubAddress', () => {
  it.each([
    ['https://hub.example', { isTls: true, hostname: 'hub.example', port: 443, prefix: '' }],
    ['https://hub.example:8443/keyturn/', { port: 8443, prefix: '/keyturn', place: 'hub.example:8443' }],
    ['http://127.0.0.1:7000', { isTls: false, port: 7000, place: '127.0.0.1:7000' }],
    ['http://[::1]:7000', { hostname: '::1', place: '[::1]:7000' }],
    ['http://localhost', { port: 80, place: 'localhost:80' }],
    ['http://127.1', { hostname: '127.0.0.1' }],
  ])('reads %s', (text, expected) => {
    expect(hubAddress(text, false)).toMatchObject(expected)
  })

  it('spells an address in one way', () => {
    for (const text of ['https://HUB.example', 'https://hub.example/', 'https://hub.example:443//'])
      expect(hubAddress(text, false).href).toBe('https://hub.example')
  })

  it.each([
    'http://hub.example',
    'http://10.0.0.1:7000',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://[::2]',
    'http://0.0.0.0',
  ])('refuses %s, unless plain HTTP is wanted', async text => {
    expect(await expectError(() => hubAddress(text, false), 'ERR_HUB_PLAIN_HTTP')).toContain('https://')
    expect(hubAddress(text, true).isTls).toBe(false)
  })

  it.each([
    'hub.example',
    'ftp://hub.example',
    'file:///hub',
    '',
    'https://hub.example/?a=1',
    'https://a/#b',
  ])('refuses %j: it is no address of a hub', async text => {
    expect(await expectError(() => hubAddress(text, true), 'ERR_CONFIG_SOURCE')).toContain('KEYTURN_URL')
  })

  it('refuses a password, and does not repeat it', async () => {
    for (const text of ['https://anna:hunter2@hub.example', 'https://hunter2@hub.example'])
      expect(await expectError(() => hubAddress(text, false), 'ERR_CONFIG_SOURCE')).not.toContain('hunter2')
  })
})
