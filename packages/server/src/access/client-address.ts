/** clientAddress and networkOf: from where a request comes. */
import { isIPv6 } from 'node:net'

/** An IPv4 address is written in one way, however the socket was opened. */
export const clientAddress = (address: string): string =>
  /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address

/** What counts as one address: of IPv6 the /64, since one household has all of it. */
export function networkOf(address: string): string {
  const plain = clientAddress(address)
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = (plain.split('%')[0] ?? '').split('::')
  const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const [left, right] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const network = [...left, ...zeros, ...right].slice(0, 4).map(group => parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}
