/** AuditEntryRow: one line of the trail, with all of its fields behind it. */
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Moment } from '../format/moment.tsx'
import { useRing } from '../shell/use-ring.ts'
import { Fact, Facts } from '../ui/facts.tsx'
import { actionName } from './action-name.ts'
import type { Entry } from './audit-filter.ts'
import { stateName } from './state-name.ts'

export interface AuditEntryRowProps {
  readonly entry: Entry
  /** The address leads to it. */
  readonly isOpened: boolean
}

export function AuditEntryRow({ entry, isOpened }: AuditEntryRowProps): ReactNode {
  const { t } = useTranslation()
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (isOpened) details.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpened])
  return (
    <li className="border-line not-last:border-b">
      <details ref={details} open={isOpened}>
        <summary className="-mx-2 cursor-pointer rounded px-2 py-2.5 hover:bg-raised">
          <span className="inline-grid w-[calc(100%-1.5rem)] gap-x-4 align-top sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
            <span className="min-w-0">
              <strong className="block wrap-anywhere">{actionName(t, entry.action)}</strong>
              <span className="hint block">
                <Moment at={entry.at} />
              </span>
            </span>
            <span className="min-w-0">
              <span className="block wrap-anywhere">{entry.reason}</span>
              <span className="hint block wrap-anywhere">{entry.actor}</span>
            </span>
          </span>
        </summary>
        <Fields entry={entry} />
      </details>
    </li>
  )
}

function Fields({ entry }: { readonly entry: Entry }): ReactNode {
  const { t } = useTranslation()
  const { params } = useRing()
  const { mode, cause, keys, prev } = entry
  return (
    <div className="flex flex-col gap-3 pt-1 pb-4 sm:ps-5">
      <Facts>
        <Fact name={t('audit.at')}>
          <Moment at={entry.at} form="dated" />
        </Fact>
        <Fact name={t('audit.actor')}>{entry.actor}</Fact>
        <Fact name={t('audit.reason')}>{entry.reason}</Fact>
        {cause && <Fact name={t('audit.cause')}>{t(`app.causes.${cause}`)}</Fact>}
        {mode && <Fact name={t('audit.mode')}>{t(`app.modes.${mode}`)}</Fact>}
        <Fact name={t('audit.generation')}>{entry.generation}</Fact>
        <Fact name={t('audit.epoch')}>{entry.epoch}</Fact>
        <Fact name={t('audit.cutoff')}>
          {entry.cutoff} <span className="hint">({t('audit.cutoffHint')})</span>
        </Fact>
        <Fact name={t('audit.technical')}>
          <code className="kid">{entry.action}</code>
        </Fact>
      </Facts>
      <div>
        <h3>{t('audit.moves')}</h3>
        {keys.length === 0 && <p>{t('audit.noMoves')}</p>}
        <ul>
          {keys.map(([kid, from, to]) => (
            <li key={kid}>
              <Link
                to="/rings/$application/$environment/keys/$kid"
                params={{ ...params, kid }}
                className="link kid inline-block min-h-6"
              >
                {kid}
              </Link>{' '}
              {t('audit.move', { from: stateName(t, from), to: stateName(t, to) })}
            </li>
          ))}
        </ul>
      </div>
      <dl>
        <Fact name={t('audit.prev')}>
          {prev === '' ? t('audit.prevFirst') : <code className="kid">{prev}</code>}
        </Fact>
      </dl>
      <Link
        from="/rings/$application/$environment/audit"
        search={before => ({ ...before, entry: String(entry.generation) })}
        replace
        resetScroll={false}
        className="link inline-block min-h-6 self-start"
      >
        {t('audit.linkTo')}
      </Link>
    </div>
  )
}
