/** World: a hub with an operator of each role, a ring, and three ImmoNow backends on it. Processes, all of them real. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBackend } from '../../examples/immonow/demo/src/backend.ts'
import { startHub, type ListeningHub } from '../../examples/immonow/demo/src/hub.ts'
import type { ServiceProcess } from '../../examples/immonow/demo/src/service-process.ts'
import { Balancer } from '../support/balancer.ts'
import { HubCaller, type Role } from './hub-caller.ts'

const names: Readonly<Record<Role, string>> = { viewer: 'vera', operator: 'otto', admin: 'anna' }
export const password = 'nine lanterns over the harbour'
const backendCount = 3

export class World {
  readonly ring = 'immonow/production'
  readonly hub: string
  readonly operators: Readonly<Record<Role, HubCaller>>
  /** One address for all backends, as users have it. */
  readonly site: string
  readonly backends: readonly ServiceProcess<string>[]
  /** Addresses of the backends. */
  readonly urls: readonly string[]
  readonly hubProcess: ServiceProcess<ListeningHub>
  readonly #close: () => Promise<void>

  private constructor(parts: {
    hub: string
    hubProcess: ServiceProcess<ListeningHub>
    operators: Record<Role, HubCaller>
    site: string
    backends: readonly ServiceProcess<string>[]
    urls: readonly string[]
    close: () => Promise<void>
  }) {
    this.hub = parts.hub
    this.hubProcess = parts.hubProcess
    this.operators = parts.operators
    this.site = parts.site
    this.backends = parts.backends
    this.urls = parts.urls
    this.#close = parts.close
  }

  /** @param limits of the ring; the hub's defaults without them */
  static async start(limits?: object): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-world-'))
    const actions: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
    const close = async (): Promise<void> => {
      for (const action of actions.reverse()) await action()
    }
    // A worker that is told to go at once takes its processes with it: they are in groups of their own.
    // By their handles, which know who has ended: numbers of processes are given anew.
    const services: ServiceProcess<unknown>[] = []
    process.on('exit', () => {
      for (const service of services) service.kill()
      rmSync(folder, { recursive: true, force: true })
    })
    try {
      const hubProcess = startHub({ port: 0, data: join(folder, 'hub'), logFile: join(folder, 'hub.log') })
      services.push(hubProcess)
      actions.push(() => hubProcess.stop())
      const { url: hub, setupLink } = await hubProcess.listening()
      const operators = await enter(hub, setupLink)
      await operators.admin.ask('POST', '/v1/rings', {
        ring: 'immonow/production',
        reason: 'first key',
        ...(limits && { limits }),
      })
      const { token } = await operators.admin.ask<{ token: string }>('POST', '/v1/tokens', {
        name: 'backends',
        scopes: ['instance:immonow/production'],
      })
      const tokenFile = join(folder, 'backends.token')
      writeFileSync(tokenFile, token, { mode: 0o600 })
      const backends = Array.from({ length: backendCount }, (_, index) =>
        startBackend({
          number: index + 1,
          port: 0,
          databaseFile: join(folder, 'immonow.sqlite'),
          hub,
          ring: 'immonow/production',
          tokenFile,
          logFile: join(folder, `backend-${index + 1}.log`),
        }),
      )
      services.push(...backends)
      actions.push(async () => void (await Promise.all(backends.map(backend => backend.stop()))))
      const balancer = await Balancer.start(action => actions.push(action))
      const urls = await Promise.all(backends.map(backend => backend.listening()))
      for (const url of urls) balancer.add(url)
      return new World({ hub, hubProcess, operators, site: balancer.url, backends, urls, close })
    } catch (error) {
      await close()
      throw error
    }
  }

  /** Every origin that a page may speak to. */
  get origins(): readonly string[] {
    return [this.hub, this.site, ...this.urls]
  }

  /** Ends every process, and removes what they wrote. */
  stop(): Promise<void> {
    return this.#close()
  }
}

/** The first operator by the hub's link, the others by the admin's invitations. */
async function enter(hub: string, setupLink: string): Promise<Record<Role, HubCaller>> {
  const admin = await HubCaller.enter(hub, setupLink, names.admin, password)
  const invited = async (role: Role): Promise<HubCaller> => {
    const name = names[role]
    const { link } = await admin.ask<{ link: string }>('POST', '/v1/operators', { name, role })
    return HubCaller.enter(hub, link, name, password)
  }
  return { admin, viewer: await invited('viewer'), operator: await invited('operator') }
}
