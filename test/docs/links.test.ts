import { describe, expect, it } from 'vitest'
import { commandFaults, commandTree, scriptFaults } from './command-tree.ts'
import {
  anchorsOf,
  commandsIn,
  documentAt,
  documents,
  exists,
  linkedFile,
  pathsIn,
  relativeLinks,
} from './documents.ts'

/** What a reader expects at the top of the repository. */
const expected = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/GUIDE.md',
  'docs/OPERATIONS.md',
  'docs/SECOPS_RUNBOOK.md',
  'docs/SECURITY_AUDIT.md',
  'docs/errors.md',
]

/** Faults of all documents, each with the document's path before it. */
const everywhere = (faultsOf: (text: string, path: string) => readonly string[]): readonly string[] =>
  [...documents].flatMap(([path, text]) => faultsOf(text, path).map(fault => `${path}: ${fault}`))

describe('the documentation', () => {
  it('has every document that the README and the guide promise', () => {
    expect([...documents.keys()]).toEqual(expect.arrayContaining(expected))
  })

  it('links to files that exist', () => {
    const faults = everywhere((text, path) =>
      relativeLinks(text)
        .filter(({ target }) => !exists(linkedFile(path, target)))
        .map(({ target }) => `leads to ${target}, which does not exist`),
    )
    expect(faults).toEqual([])
  })

  it('links to headings that exist', () => {
    const faults = everywhere((text, path) =>
      relativeLinks(text).flatMap(({ target, anchor }) => {
        const file = linkedFile(path, target)
        if (anchor === undefined || !documents.has(file)) return []
        return anchorsOf(documentAt(file)).has(anchor) ? [] : [`${file} has no heading #${anchor}`]
      }),
    )
    expect(faults).toEqual([])
  })

  it('names paths that exist', () => {
    const faults = everywhere(text =>
      pathsIn(text)
        .filter(path => !exists(path))
        .map(path => `names ${path}, which does not exist`),
    )
    expect(faults).toEqual([])
  })

  it('names keyturn commands and flags that exist', { timeout: 60_000 }, async () => {
    const tree = await commandTree()
    expect(tree.size).toBeGreaterThan(20)
    expect(everywhere(text => commandFaults(commandsIn(text), tree))).toEqual([])
  })

  it('names npm scripts that exist', () => {
    expect(everywhere(text => scriptFaults(commandsIn(text)))).toEqual([])
  })
})

describe('README.md', () => {
  it('has the two commands on its first screen', () => {
    const firstScreen = documentAt('README.md').split('\n').slice(0, 30).join('\n')
    expect(firstScreen).toContain('npm ci && npm start')
    expect(firstScreen).toContain('npm ci && npm test')
  })

  it('stays short enough to be read', () => {
    expect(documentAt('README.md').split('\n').length).toBeLessThan(180)
  })
})
