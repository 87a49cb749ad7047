/** ExportButtons: the entries that are shown, as files. */
import { useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { download } from '../ui/download.ts'
import type { Entry } from './audit-filter.ts'
import { csvOf, jsonLinesOf } from './export-trail.ts'

export interface ExportButtonsProps {
  readonly ring: string
  /** The newest first. */
  readonly entries: readonly Entry[]
}

export function ExportButtons({ ring, entries }: ExportButtonsProps): ReactNode {
  const { t } = useTranslation()
  const [message, setMessage] = useState('')
  const give = (ending: string, type: string, text: string): void => {
    const file = `keyturn-audit-${ring.replace('/', '-')}.${ending}`
    download(file, type, text)
    setMessage(t('audit.exported', { count: entries.length, file }))
  }
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <button
        type="button"
        className="button"
        disabled={entries.length === 0}
        onClick={() => give('jsonl', 'application/jsonl', jsonLinesOf(entries))}
      >
        {t('audit.exportJson')}
      </button>
      <button
        type="button"
        className="button"
        disabled={entries.length === 0}
        onClick={() => give('csv', 'text/csv', csvOf(entries))}
      >
        {t('audit.exportCsv')}
      </button>
      <p role="status" className="hint wrap-anywhere">
        {message}
      </p>
    </div>
  )
}
