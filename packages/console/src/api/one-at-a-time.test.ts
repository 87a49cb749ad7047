import { describe, expect, it } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

/** Work that ends when it is told to. */
function slowWork() {
  const begun: string[] = []
  const ends: ((error?: Error) => void)[] = []
  const ask = oneAtATime(
    name =>
      new Promise<void>((resolve, reject) => {
        begun.push(name)
        ends.push(error => (error ? reject(error) : resolve()))
      }),
  )
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error)
    await new Promise(resolve => setTimeout(resolve))
  }
  return { ask, begun, end }
}

describe('oneAtATime', () => {
  it('lets work end before it is done again, and then once for all that asked', async () => {
    const { ask, begun, end } = slowWork()
    for (let times = 0; times < 5; times += 1) ask('view')
    expect(begun).toEqual(['view'])
    await end()
    expect(begun).toEqual(['view', 'view'])
    await end()
    expect(begun).toHaveLength(2)
    ask('view')
    expect(begun).toHaveLength(3)
  })

  it('keeps apart what has another name, and goes on after a failure', async () => {
    const { ask, begun, end } = slowWork()
    ask('view')
    ask('fleet')
    ask('view')
    expect(begun).toEqual(['view', 'fleet'])
    await end(new Error('away'))
    expect(begun).toEqual(['view', 'fleet', 'view'])
  })
})
