/** Keys of every asymmetric kind, in every form in which they get pasted. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keystream } from '../../test/keystream.js'
import { checkKeyMaterial } from './key-material.ts'
import { checkSecret } from './strength.ts'

const pairs = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('x25519'),
]
const keys = pairs.flatMap(pair => [pair.publicKey, pair.privateKey])

function expectKeyMaterial(text: string): void {
  const report = checkSecret(text)
  expect(report.ok).toBe(false)
  expect(report.findings[0]).toMatchObject({ rule: 'key-material', severity: 'error' })
}

const typeOf = (key: KeyObject): 'spki' | 'pkcs8' => (key.type === 'public' ? 'spki' : 'pkcs8')

/** The wire format of OpenSSH: each field after its length. */
function sshBlob(...fields: Buffer[]): string {
  const parts = fields.flatMap(field => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(field.length)
    return [length, field]
  })
  return Buffer.concat(parts).toString('base64')
}

describe('key material given by mistake', () => {
  it('is refused as PEM, also on one line, with literal \\n, quoted or in base64', () => {
    for (const key of keys) {
      const pem = key.export({ format: 'pem', type: typeOf(key) }).toString()
      expectKeyMaterial(pem)
      expectKeyMaterial(pem.replaceAll('\n', ''))
      expectKeyMaterial(`"${pem.replaceAll('\n', '\\n')}"`)
      expectKeyMaterial(Buffer.from(pem).toString('base64'))
      expectKeyMaterial(Buffer.from(pem).toString('base64url'))
    }
  })

  it('is refused in the older forms of PKCS#1 and SEC 1', () => {
    const [rsa, ec] = pairs
    for (const format of ['pem', 'der'] as const) {
      const forms = [
        rsa?.publicKey.export({ format: format as 'der', type: 'pkcs1' }),
        rsa?.privateKey.export({ format: format as 'der', type: 'pkcs1' }),
        ec?.privateKey.export({ format: format as 'der', type: 'sec1' }),
      ]
      for (const form of forms) {
        expectKeyMaterial(Buffer.isBuffer(form) ? form.toString('base64') : String(form))
      }
    }
  })

  it('is refused as DER in base64, the body of a PEM file', () => {
    for (const key of keys) {
      expectKeyMaterial(key.export({ format: 'der', type: typeOf(key) }).toString('base64'))
    }
  })

  it('is refused as an OpenSSH key, with and without its first word', () => {
    const raw = keystream(2)(32)
    const ed25519 = sshBlob(Buffer.from('ssh-ed25519'), raw)
    const rsa = sshBlob(Buffer.from('ssh-rsa'), Buffer.from([1, 0, 1]), keystream(3)(257))
    const ecdsa = sshBlob(Buffer.from('ecdsa-sha2-nistp256'), Buffer.from('nistp256'), keystream(4)(65))
    expectKeyMaterial(`ssh-ed25519 ${ed25519} deploy@host`)
    expectKeyMaterial(`ssh-rsa ${rsa}`)
    expectKeyMaterial(`no-pty ecdsa-sha2-nistp256 ${ecdsa}`)
    for (const blob of [ed25519, rsa, ecdsa]) expectKeyMaterial(blob)
    expectKeyMaterial(Buffer.concat([Buffer.from('openssh-key-v1\0'), keystream(5)(200)]).toString('base64'))
  })

  it('is refused as JWK, as a key set and as a bare array, also in base64', () => {
    for (const key of keys) {
      const jwk = key.export({ format: 'jwk' })
      for (const value of [jwk, { keys: [jwk] }, [jwk]]) {
        expectKeyMaterial(JSON.stringify(value))
        expectKeyMaterial(JSON.stringify(value, null, 2))
        expectKeyMaterial(Buffer.from(JSON.stringify(value)).toString('base64url'))
      }
    }
  })

  it('is not seen in random octets that begin like a sequence', () => {
    const source = keystream(6)
    for (let round = 0; round < 1000; round++) {
      const octets = source(48)
      octets.set([0x30, 46])
      expect(checkKeyMaterial(octets.toString('base64'), 'X')).toEqual([])
    }
  })

  it('is not seen in a secret that begins like the name of an SSH algorithm', () => {
    expect(checkKeyMaterial(`ssh-rsa${keystream(7)(48).toString('base64url')}`, 'X')).toEqual([])
  })
})
