/** acknowledgement: which generation an instance holds, with proof of the keys that count. */
import { hashOf } from '../ports/hash.ts'
import type { Lease } from '../ports/lease-board.ts'
import type { Ring } from '../ports/ring-store.ts'
import { hasBytes } from '../ring/document.ts'
import { activeKey, stagedKey } from '../ring/keys.ts'
import { proofOf } from '../rotation/proof.ts'

/** The part of a lease that is about the ring. */
export function acknowledgement(
  { document, secrets }: Ring,
  instance: string,
): Pick<Lease, 'v' | 'instance' | 'ring' | 'epoch' | 'generation' | 'hash' | 'kids' | 'proofs'> {
  const held = document.keys.filter(key => hasBytes(key) && key.state !== 'suspended' && secrets.has(key.kid))
  const proved = [activeKey(document), stagedKey(document)].filter(key => key !== undefined)
  return {
    v: 1,
    instance,
    ring: document.ring,
    epoch: document.epoch,
    generation: document.generation,
    hash: hashOf(document),
    kids: held.map(key => key.kid),
    proofs: Object.fromEntries(
      proved.flatMap(({ kid }) => {
        const secret = secrets.get(kid)
        return secret ? [[kid, proofOf(secret, document, instance)]] : []
      }),
    ),
  }
}
