import { expect, it } from 'vitest'
import { environmentLines, ringOfScopes } from './environment-lines.ts'

it('names the ring only for a token of instances', () => {
  expect(environmentLines('https://hub.example', ['instance:immonow/production'], 'file')).toEqual([
    'KEYTURN_URL=https://hub.example',
    'KEYTURN_RING=immonow/production',
    'KEYTURN_TOKEN_FILE=file',
  ])
  expect(environmentLines('https://hub.example', ['read'], 'file')).toEqual([
    'KEYTURN_URL=https://hub.example',
    'KEYTURN_TOKEN_FILE=file',
  ])
  expect(ringOfScopes(['read', 'instance:a/b'])).toBe('a/b')
})
