import { expect, it } from 'vitest'
import { localPath } from './local-path.ts'

it.each([
  ['/', '/'],
  ['/rings/immonow/production?x=1#y', '/rings/immonow/production?x=1#y'],
  ['/emergency?ring=immonow%2Fproduction', '/emergency?ring=immonow%2Fproduction'],
  ['/ü', '/%C3%BC'],
  ['/login?returnTo=/login', '/'],
  ['/logout', '/'],
  ['/a/../b', '/b'],
  ['/https://elsewhere.example', '/https://elsewhere.example'],
])('leads to %s', (given, led) => {
  expect(localPath(given)).toBe(led)
})

it.each([
  '',
  'rings',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '\\\\elsewhere.example',
  '/\t/elsewhere.example',
  '/\n/elsewhere.example',
  '/a\r\nset-cookie: x=y',
  'https://elsewhere.example',
  'javascript:alert(1)',
  ' /rings',
  '/.//elsewhere.example',
  '/a/..//elsewhere.example',
  '/a\\b',
  '/\u0000',
  `/${'x'.repeat(2_000)}`,
  undefined,
  ['/'],
])('does not lead to %j', given => {
  expect(localPath(given)).toBeUndefined()
})
