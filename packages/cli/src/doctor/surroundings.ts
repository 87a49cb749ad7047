/** surroundings: the file's mode, the audit trail's place, the version of Node. */
import { chmodSync, statSync } from 'node:fs'
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { octal } from '../check/file-rules.ts'
import { workTreeOf } from '../git-state.ts'
import { shownPath } from '../shown-path.ts'
import { error, ok, warning, type Item } from './diagnosis.ts'
import type { Evidence } from './evidence.ts'

export function surroundings(evidence: Evidence): readonly Item[] {
  return [...ofMode(evidence), ...ofAudit(evidence), ...nodeRules()]
}

function ofMode({ sources, target }: Evidence): readonly Item[] {
  if (!sources.file) return []
  const { mode } = statSync(target.file.path)
  const { name } = sources.file
  if ((mode & 0o027) !== 0)
    return [
      {
        ...error(
          'mode',
          `${name} is open to others (mode ${octal(mode)}): no change is written to it`,
          `keyturn doctor --fix, or chmod 600 ${name}`,
        ),
        isFixable: true,
      },
    ]
  if ((mode & 0o040) !== 0)
    return [warning('mode', `the group can read ${name} (mode ${octal(mode)})`, `chmod 600 ${name}`)]
  return [ok('mode', `only the owner can read ${name}`)]
}

/** Takes others' rights away. Nothing else is safe to change without asking. */
export function fixMode({ sources, target }: Evidence): string | undefined {
  const { path } = target.file
  if (!sources.file) return undefined
  const { mode } = statSync(path)
  if ((mode & 0o027) === 0) return undefined
  chmodSync(path, 0o600)
  return `${sources.file.name}: mode ${octal(mode)} is 0600 now`
}

/** Where a deployment puts each version into a folder of its own. */
const release = /\/(releases?|current|dist|build|deploy(ment)?s?|versions?)\//

function ofAudit({ target, ring }: Evidence): readonly Item[] {
  const { auditPath } = target.file
  if (!ring || ring.document.generation === 0) return []
  const shown = shownPath(auditPath)
  const tree = workTreeOf(auditPath)
  const isInRelease = release.test(auditPath) || release.test(`${realPath(dirname(auditPath))}/`)
  if (tree === undefined && !isInRelease) return [ok('audit', `the trail is in ${shown}`)]
  const why = isInRelease
    ? 'a folder that a deployment replaces'
    : 'a git work tree, which a deployment may replace'
  return [
    warning(
      'audit',
      `the trail ${shown} lies in ${why}`,
      'set auditPath in keyturn.config.json to a place that stays, such as /var/lib/immonow/audit.jsonl',
    ),
  ]
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

export function nodeRules(): readonly Item[] {
  const { node } = process.versions
  const major = Number(node.split('.')[0])
  if (major >= 22) return [ok('node', node)]
  return [warning('node', `Node ${node} gets no fixes since 30 April 2026`, 'move to Node 22 or 24')]
}
