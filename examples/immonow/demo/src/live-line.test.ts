import { describe, expect, it } from 'vitest'
import { LiveLine, type Screen } from './live-line.ts'

function screen(options: Partial<Screen> = {}): Screen & { text: string } {
  return {
    text: '',
    write(text: string) {
      this.text += text
    },
    ...options,
  }
}

describe('LiveLine', () => {
  it('rewrites its line on a terminal and keeps what is printed above it', () => {
    const terminal = screen({ isTTY: true, columns: 80 })
    const line = new LiveLine(terminal, 'xterm')
    line.update('one')
    line.print('news')
    line.update('two')
    line.end()
    expect(terminal.text).toBe('\r\u001b[2Kone\r\u001b[2Knews\none\r\u001b[2Ktwo\n')
  })

  it('prints a line each time anywhere else', () => {
    for (const [stream, term] of [
      [screen(), 'xterm'],
      [screen({ isTTY: true, columns: 80 }), 'dumb'],
    ] as const) {
      const line = new LiveLine(stream, term)
      line.update('one')
      line.print('news')
      line.update('two')
      line.end()
      expect(stream.text).toBe('one\nnews\ntwo\n')
    }
  })

  it('stays within the screen, so that it never wraps', () => {
    const terminal = screen({ isTTY: true, columns: 10 })
    const line = new LiveLine(terminal, 'xterm')
    line.update('0123456789')
    expect(terminal.text).toBe('\r\u001b[2K012345678')
  })
})
