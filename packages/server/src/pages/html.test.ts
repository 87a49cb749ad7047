import { describe, expect, it } from 'vitest'
import { html, type Piece } from './html.ts'

const textOf = (piece: Piece): string => html`${piece}`.toString()

describe('html', () => {
  it('takes everything for text, in elements and in attributes', () => {
    const planted = `<img src=x onerror=alert(1)> & "quoted" 'quoted'`
    expect(html`<a title="${planted}">${planted}</a>`.toString()).toBe(
      '<a title="&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot; &#39;quoted&#39;">' +
        '&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot; &#39;quoted&#39;</a>',
    )
    expect(textOf('&amp;')).toBe('&amp;amp;')
  })

  it('takes itself as it is, and lists one after the other', () => {
    expect(textOf(html`<b>${'<'}</b>`)).toBe('<b>&lt;</b>')
    expect(textOf([html`<i></i>`, '<', ['>', 1]])).toBe('<i></i>&lt;&gt;1')
  })

  it('shows nothing for what is absent, and every number', () => {
    const nothing: readonly Piece[] = [undefined, null, false, '', []]
    expect(nothing.map(textOf).join('')).toBe('')
    expect(textOf(0)).toBe('0')
  })
})
