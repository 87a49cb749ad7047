import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventParser, type ServerEvent } from './event-parser.ts'

const eventsIn = (...pieces: readonly string[]): readonly ServerEvent[] => {
  const parser = new EventParser()
  return pieces.flatMap(piece => parser.push(piece))
}

describe('EventParser', () => {
  it('finds events between comments, whatever ends their lines', () => {
    const text =
      ': heartbeat\n\nevent: ring\ndata: {"generation":1}\nid: 7\nretry: 5\n\n: heartbeat\nevent:ring\ndata:x\n\n'
    const expected = [
      { type: 'ring', data: '{"generation":1}' },
      { type: 'ring', data: 'x' },
    ]
    expect(eventsIn(text)).toEqual(expected)
    expect(eventsIn(text.replaceAll('\n', '\r\n'))).toEqual(expected)
    expect(eventsIn(`${text.replaceAll('\n', '\r')}:`)).toEqual(expected)
  })

  it('finds the same however the stream is cut', () => {
    const text = 'event: ring\r\ndata: a\r\ndata: é🔑\r\n\r\n: heartbeat\n\ndata\ndata: : b\n\n'
    const whole = eventsIn(text)
    expect(whole).toEqual([
      { type: 'ring', data: 'a\né🔑' },
      { type: '', data: '\n: b' },
    ])
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), cuts => {
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length]
        expect(eventsIn(...edges.slice(1).map((end, index) => text.slice(edges[index], end)))).toEqual(whole)
      }),
    )
  })

  it('finds no event that has not ended, or that has no data', () => {
    expect(eventsIn('event: ring\ndata: 1\n')).toEqual([])
    expect(eventsIn('event: ring\n\n')).toEqual([])
    expect(eventsIn('event: ring\n\ndata: 1\n\n')).toEqual([{ type: '', data: '1' }])
  })

  it('reads heartbeats for ever', () => {
    const parser = new EventParser()
    for (let count = 0; count < 20_000; count += 1) parser.push(': heartbeat\n')
    expect(parser.push('data: 1\n\n')).toEqual([{ type: '', data: '1' }])
  })

  it.each([
    ['a line', 'x'.repeat(1_000)],
    ['an event', `data: ${'x'.repeat(1_000)}\n`],
  ])('gives up on %s without end', (_, piece) => {
    const parser = new EventParser()
    expect(() => {
      for (let count = 0; count < 100; count += 1) parser.push(piece)
    }).toThrow(RangeError)
  })
})
