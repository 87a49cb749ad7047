/** A clustered application: each worker has a keyring of its own, as the processes of one service do. */
// @ts-check
import cluster from 'node:cluster'
import { createKeyring } from 'keyturn'

const workers = 3
if (cluster.isPrimary) {
  let ready = 0
  for (let number = 0; number < workers; number += 1)
    cluster.fork().on('message', () => {
      ready += 1
      if (ready === workers) process.stdout.write('ready\n')
    })
  // Without its primary a worker goes too.
  process.stdin.resume().on('end', () => process.exit(0))
} else {
  await createKeyring({ log: () => undefined })
  process.send?.('ready')
}
