import { describe, expect, it } from 'vitest'
import { commandFaults, commandTree } from './command-tree.ts'
import { codeSpans, documentAt, exists, linkedFile, relativeLinks } from './documents.ts'

const page = documentAt('docs/GUIDE.md')

interface Entry {
  readonly number: number
  readonly lines: readonly string[]
}

/** Every list item that begins with a number in bold, with the lines below it. */
const entries: readonly Entry[] = page
  .split(/^(?=- \*\*G\d+\*\* )/m)
  .slice(1)
  .map(text => ({
    number: Number(/\d+/.exec(text)?.[0]),
    lines:
      text
        .split(/\n\n|\n(?=#)/)[0]
        ?.replaceAll(/\n(?! *- ) +/g, ' ')
        .split('\n') ?? [],
  }))

/** The three parts of an entry. They stand in one line, in this order. */
function partsOf({ lines }: Entry): Readonly<Record<'command' | 'file' | 'test', string>> {
  const line = lines.find(each => each.startsWith('  - Command: ')) ?? ''
  const [, command = '', file = '', test = ''] =
    /^ {2}- Command: (.+) · File: (.+) · Test: (.+)$/.exec(line) ?? []
  return { command, file, test }
}

const filesIn = (text: string): readonly string[] =>
  relativeLinks(text).map(({ target }) => linkedFile('docs/GUIDE.md', target))

/** What the guide has its reader type, and every time it names. */
const quoted = [
  'python manage.py generate_jwt_secret',
  "python -c 'import secrets; print(secrets.token_urlsafe(64))'",
  'openssl rand -base64 48',
  'JWT_SECRET_KEY=your-new-64-character-secret-key-here',
  'export JWT_SECRET_KEY=',
  'python main.py',
  'docker-compose restart backend',
  'sudo systemctl restart immonow-backend',
  'JWT_SECRET_KEY=old-secret-key-here',
  'JWT service initialized successfully',
  'jwt-secret-change-me',
  'your-jwt-secret-key',
  'secret',
  'password',
  '123456',
  'changeme',
  'monthly',
  'quarterly',
  'six months',
  '24 to 48 hours',
  'SECURITY_AUDIT.md',
  'OPERATIONS.md',
  'SECOPS_RUNBOOK.md',
]

describe('docs/GUIDE.md', () => {
  it('numbers its entries G1, G2, … without a gap', () => {
    expect(entries.length).toBeGreaterThanOrEqual(70)
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1))
  })

  it('gives each entry a sentence, a command, a file and a test', () => {
    for (const entry of entries) {
      const { command, file, test } = partsOf(entry)
      expect(entry.lines[0], `G${entry.number}`).toMatch(/^- \*\*G\d+\*\* \S.{9,}\.$/)
      expect(codeSpans(command), `command of G${entry.number}`).not.toEqual([])
      expect(filesIn(file), `file of G${entry.number}`).not.toEqual([])
      expect(filesIn(test), `test of G${entry.number}`).not.toEqual([])
    }
  })

  it('names files that exist', () => {
    const missing = entries.flatMap(entry =>
      filesIn(partsOf(entry).file)
        .filter(path => !exists(path))
        .map(path => `G${entry.number}: ${path}`),
    )
    expect(missing).toEqual([])
  })

  it('names test files that exist', () => {
    const wrong = entries.flatMap(entry =>
      filesIn(partsOf(entry).test)
        .filter(path => !exists(path) || !/\.(test|spec)\.ts$/.test(path))
        .map(path => `G${entry.number}: ${path}`),
    )
    expect(wrong).toEqual([])
  })

  it('names commands and flags that exist', { timeout: 60_000 }, async () => {
    const tree = await commandTree()
    const faults = entries.flatMap(entry => {
      const commands = codeSpans(partsOf(entry).command)
      const other = commands.filter(each => !/^(?:npx |npm |node )?(?:keyturn|run|-s|start)/.test(each))
      return [
        ...other.map(each => `G${entry.number}: ${each} is no command of this project`),
        ...commandFaults(commands, tree).map(fault => `G${entry.number}: ${fault}`),
      ]
    })
    expect(faults).toEqual([])
  })

  it('says why where Keyturn differs', () => {
    for (const { number, lines } of entries)
      for (const line of lines.filter(each => each.startsWith('  - Differs')))
        expect(line, `G${number}`).toMatch(/^ {2}- Differs: .{20,}\.$/)
    expect(page.match(/^ {2}- Differs: /gm)?.length).toBeGreaterThan(5)
  })

  it('has every command, name and duration of the guide', () => {
    for (const text of quoted) expect(page).toContain(text)
  })
})
