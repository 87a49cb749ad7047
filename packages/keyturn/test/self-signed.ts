/** selfSigned: a certificate for 127.0.0.1 and localhost that nobody trusts until told to. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** One DER element. */
function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const [sequence, set] = [0x30, 0x31]
const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'))
const octets = (...content: readonly Uint8Array[]): Buffer => element(0x04, ...content)
const time = (at: number): Buffer =>
  element(0x18, Buffer.from(new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '')))

const ecdsaWithSha256 = element(sequence, oid('2a8648ce3d040302'))
const nobody = element(
  sequence,
  element(set, element(sequence, oid('550403'), element(0x0c, Buffer.from('a test')))),
)
const isAuthority = element(
  sequence,
  oid('551d13'),
  octets(element(sequence, element(0x01, Buffer.from([255])))),
)
const names = element(
  sequence,
  oid('551d11'),
  octets(
    element(sequence, element(0x82, Buffer.from('localhost')), element(0x87, Buffer.from([127, 0, 0, 1]))),
  ),
)

/** PEM of a fresh key and its certificate, valid for a day. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Date.now()
  const body = element(
    sequence,
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    nobody,
    element(sequence, time(now - 3_600_000), time(now + 86_400_000)),
    nobody,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, element(sequence, isAuthority, names)),
  )
  const signature = element(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const text = element(sequence, body, ecdsaWithSha256, signature).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  }
}
