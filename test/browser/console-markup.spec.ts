/** Markup in names and reasons stays text, wherever the console shows them. */
import { expect, test } from './fixtures.ts'

// A world of its own: it has one ring more than the others expect.
test.use({ limits: { maxTokenLife: 3_600 } })

const ring = 'immonow/markup'
const planted = '<img src="/planted.png" onerror="throw 1">'

test('in a reason and in the name of an instance', async ({ world, consoleAs }) => {
  const { admin } = world.operators
  await admin.ask('POST', '/v1/rings', { ring, reason: planted })
  const { token } = await admin.ask<{ token: string }>('POST', '/v1/tokens', {
    name: 'markup',
    scopes: [`instance:${ring}`],
  })
  const process = { host: planted, boot: 'b', namespace: 'n', pid: 1, start: '1' }
  const counters = {
    verified: {},
    rejected: { [planted]: 1 },
    signed: {},
    loginsSucceeded: 0,
    loginsFailed: 0,
  }
  const lease = {
    v: 1,
    instance: planted,
    ring,
    epoch: 0,
    generation: 1,
    kids: [planted],
    proofs: {},
    process,
    startedAt: Date.now(),
    sentAt: Date.now(),
    counters,
    role: 'instance',
  }
  const stored = await fetch(
    `${world.hub}/v1/rings/${encodeURIComponent(ring)}/leases/${encodeURIComponent(planted)}`,
    {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(lease),
    },
  )
  expect(stored.status).toBe(204)

  const page = await consoleAs('admin', { locale: 'de-DE' })
  for (const path of [
    `/rings/${ring}`,
    `/rings/${ring}/fleet`,
    `/rings/${ring}/fleet?view=table`,
    `/rings/${ring}/fleet?instance=${encodeURIComponent(planted)}`,
    `/rings/${ring}/audit`,
  ]) {
    await page.goto(path)
    await expect(page.getByText(planted).first()).toBeVisible()
    await expect(page.locator('img')).toHaveCount(0)
  }
})
