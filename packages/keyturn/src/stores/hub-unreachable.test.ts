/** hub: every way not to answer. */
import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectError } from '../../test/expect-error.ts'
import { leaseOf } from '../../test/fleet-fixtures.ts'
import { HandClock } from '../../test/hand-clock.ts'
import { hubDouble, sendRing, type HubDouble } from '../../test/hub-double.ts'
import { firstRing, ringName } from '../../test/sample-rings.ts'
import { selfSigned } from '../../test/self-signed.ts'
import { hub } from './hub.ts'

const sourceOn = ({ url, token }: Pick<HubDouble, 'url' | 'token'>, clock = new HandClock()) => ({
  ...hub({ url, ring: ringName, token, clock }),
  clock,
})

describe('a server that does not answer', () => {
  /** A server on a port of its own. */
  async function tcpServer(serve: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(serve)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it.each([
    ['hangs up', '', 'ECONNRESET'],
    ['speaks another language', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'HPE_INVALID_CONSTANT'],
    ['hangs up in the middle', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{', 'ECONNRESET'],
    ['sends a head without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`, 'HPE_HEADER_OVERFLOW'],
    [
      'switches protocols',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      '',
    ],
  ])('%s', async (_, bytes, reason) => {
    const place = await tcpServer(socket => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(bytes))
    })
    const { store } = sourceOn({ url: `http://${place}`, token: 'x' })
    const message = await expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')
    expect(message).toContain(place)
    expect(message).toContain(reason)
  })

  it('does not listen', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise(resolve => server.close(resolve))
    const { store } = sourceOn({ url: `http://127.0.0.1:${port}`, token: 'x' })
    expect(await expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')).toContain('ECONNREFUSED')
  })

  it('is known to nobody who could vouch for it', async () => {
    const double = await hubDouble(firstRing(), selfSigned())
    const message = await expectError(() => sourceOn(double).store.read(), 'ERR_STORE_UNREACHABLE')
    expect(message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(double.received).toEqual([])
  })

  it('speaks no TLS', async () => {
    const { place } = await hubDouble(firstRing())
    const { store } = sourceOn({ url: `https://${place}`, token: 'x' })
    expect(await expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')).toContain(place)
  })

  it.each<readonly [string, number, (response: ServerResponse) => void]>([
    ['says nothing', 10_000, () => undefined],
    ['stops in the middle', 10_000, response => void response.writeHead(200).write('{"document":')],
  ])('%s: the deadline is for all of it', async (_, deadline, serve) => {
    const double = await hubDouble(firstRing())
    const { store, clock } = sourceOn(double)
    double.answer = serve
    const reading = expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')
    await expect.poll(() => double.received.length).toBe(1)
    expect(clock.waits).toEqual([deadline])
    clock.tick()
    expect(await reading).toContain(`nothing within ${deadline / 1000} s`)
    await expect.poll(() => double.sockets.size).toBe(0)
  })

  it('keeps a put waiting for 5 s and a farewell for 2 s', async () => {
    const double = await hubDouble(firstRing())
    const { leases, clock } = sourceOn(double)
    double.answer = () => undefined
    const putting = expectError(() => leases?.put(leaseOf(firstRing(), 'one', 5)), 'ERR_STORE_UNREACHABLE')
    expect(clock.waits).toEqual([5_000])
    clock.tick()
    await putting
    const removing = leases?.remove('one')
    expect(clock.waits).toEqual([2_000])
    clock.tick()
    await removing
    expect(clock.waits).toEqual([])
  })
})

describe('a connection that the server closed between two requests', () => {
  it('is replaced at once, by one that is fresh', async () => {
    const double = await hubDouble(firstRing())
    const { store, leases, clock } = sourceOn(double)
    // Two sockets are kept: both are gone when the next request comes.
    await Promise.all([store.read(), leases?.put(leaseOf(firstRing(), 'one', 5))])
    await expect.poll(() => double.sockets.size).toBe(2)
    const old = [...double.sockets]
    double.answer = (response, request) => {
      if (old.includes(response.socket as never)) return void response.socket?.destroy()
      double.answer = undefined
      sendRing(response, double.ring ?? firstRing())
      expect(request.method).toBe('GET')
    }
    expect((await store.read())?.document.generation).toBe(1)
    expect(clock.waits).toEqual([])
    expect(double.received).toHaveLength(4)
  })

  it('is replaced once: a server that always hangs up is one that does not answer', async () => {
    const double = await hubDouble(firstRing())
    const { store } = sourceOn(double)
    await store.read()
    double.answer = response => void response.socket?.destroy()
    expect(await expectError(() => store.read(), 'ERR_STORE_UNREACHABLE')).toContain('ECONNRESET')
    expect(double.received).toHaveLength(3)
  })
})
