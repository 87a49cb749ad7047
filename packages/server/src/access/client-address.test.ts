import { describe, expect, it } from 'vitest'
import { clientAddress, networkOf } from './client-address.ts'

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::5', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('clientAddress', () => {
  it('writes an IPv4 address in one way', () => {
    expect(clientAddress('::ffff:127.0.0.1')).toBe('127.0.0.1')
    expect(clientAddress('127.0.0.1')).toBe('127.0.0.1')
    expect(clientAddress('2001:db8::1')).toBe('2001:db8::1')
  })
})
