/** Asymmetric key material given as a secret by mistake: PEM, OpenSSH, JWK and JWKS, DER. RFC 7468, 7517, 5958. */
import { errorFinding, type SecretFinding } from './finding.ts'

/**
 * Refuses the text of a key file, and the same in base64. A public key as HMAC secret lets anybody forge
 * tokens; a private one does not belong in a shared secret.
 */
export function checkKeyMaterial(body: string, variable: string): SecretFinding[] {
  const decoded = Buffer.from(body, 'base64')
  const kind = kindOfText(body) ?? kindOfText(decoded.toString('latin1')) ?? kindOfBytes(decoded)
  if (kind === undefined) return []
  return [
    errorFinding(
      'key-material',
      `${variable} holds ${kind}, not a secret for HMAC`,
      'HS256 needs a secret of its own: replace it with the output of keyturn generate',
    ),
  ]
}

function kindOfText(text: string): string | undefined {
  if (/-----BEGIN|---- BEGIN /.test(text)) return 'a key or certificate in PEM'
  if (/(?:^|\s)(?:sk-)?(?:ssh-|ecdsa-sha2-)[\w@.-]+\s+AAAA/.test(text)) return 'an OpenSSH public key'
  if (text.startsWith('openssh-key-v1\0')) return 'an OpenSSH private key'
  if (/^\s*[[{]/.test(text) && /"(?:kty|keys)"/.test(text)) return 'a JSON Web Key'
  return undefined
}

/** Binary forms. A random secret gets here with a probability below 2^-46. */
function kindOfBytes(bytes: Buffer): string | undefined {
  // The SSH wire format: the length of the algorithm's name in four octets, then the name.
  const name = bytes.toString('latin1', 4, 20)
  if (bytes.toString('hex', 0, 3) === '000000' && /^(?:sk-)?(?:ssh-|ecdsa-sha2-)/.test(name)) {
    return 'an OpenSSH public key'
  }
  return isDerKey(bytes) ? 'a key or certificate in DER' : undefined
}

/** Algorithms and curves as DER object identifiers in hex, and RSA's exponent 65537, which PKCS#1 ends with. */
const derSigns = new RegExp(
  [
    '06092a864886f70d0101', // RSA, RFC 8017 appendix C
    '06072a8648ce3d0201', // EC public key, RFC 5480 §2.1.1
    '06082a8648ce3d0301', // EC prime curves, RFC 5480 §2.1.1.1
    '06052b810400', // EC curves of SECG, RFC 5480 §2.1.1.1
    '06032b65(?:6e|6f|70|71)', // X25519, X448, Ed25519, Ed448: RFC 8410 §3
    '0203010001',
  ].join('|'),
)

/** A SEQUENCE that fills the bytes and holds one of the signs. */
function isDerKey(bytes: Buffer): boolean {
  const [tag = 0, first = 0] = bytes
  if (tag !== 0x30) return false
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f)
  const size = first < 0x80 ? first : parseInt(bytes.toString('hex', 2, header), 16)
  return header + size === bytes.length && derSigns.test(bytes.toString('hex'))
}
