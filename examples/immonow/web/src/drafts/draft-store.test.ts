import { describe, expect, it } from 'vitest'
import { draftStore } from './draft-store.ts'

function memory(): Storage {
  const map = new Map<string, string>()
  return {
    get length() {
      return map.size
    },
    key: index => [...map.keys()][index] ?? null,
    getItem: key => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: key => void map.delete(key),
    clear: () => map.clear(),
  }
}

describe('draftStore', () => {
  it('keeps a draft for each account and form', () => {
    const storage = memory()
    const drafts = draftStore(() => storage)
    drafts.save('anna', 'new', { title: 'Haus' })
    drafts.save('anna', 7, { title: 'Wohnung' })
    const later = draftStore(() => storage)
    expect(later.load('anna', 'new')).toEqual({ title: 'Haus' })
    expect(later.load('anna', 7)).toEqual({ title: 'Wohnung' })
    expect(later.load('bert', 'new')).toBeUndefined()
    later.remove('anna', 'new')
    expect([drafts.load('anna', 'new'), drafts.load('anna', 7)]).toEqual([undefined, { title: 'Wohnung' }])
  })

  it('removes every draft, and nothing else', () => {
    const storage = memory()
    const drafts = draftStore(() => storage)
    storage.setItem('other', 'stays')
    for (const of of ['new', 1, 2, 3] as const) drafts.save('anna', of, { title: 'x' })
    drafts.removeAll()
    expect([storage.length, storage.getItem('other')]).toEqual([1, 'stays'])
  })

  it('reads nothing that it did not write', () => {
    const storage = memory()
    const drafts = draftStore(() => storage)
    for (const text of ['{', 'null', '[]', '"x"', '5']) {
      storage.setItem('immonow_draft:anna:new', text)
      expect(drafts.load('anna', 'new'), text).toBeUndefined()
    }
    storage.setItem('immonow_draft:anna:new', '{"title":"Haus","price":5,"x":{}}')
    expect(drafts.load('anna', 'new')).toEqual({ title: 'Haus' })
  })

  it('does without a storage that is full or forbidden', () => {
    const drafts = draftStore(() => {
      throw new Error('SecurityError')
    })
    drafts.save('anna', 'new', { title: 'Haus' })
    drafts.remove('anna', 'new')
    drafts.removeAll()
    expect(drafts.load('anna', 'new')).toBeUndefined()
  })
})
