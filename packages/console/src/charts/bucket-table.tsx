/** BucketTable: the numbers of a chart, the newest first, without the steps in which nothing was counted. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { Moment } from '../format/moment.tsx'
import { count } from '../format/numbers.ts'
import type { Bucket } from './buckets.ts'

export interface BucketTableProps {
  readonly buckets: readonly Bucket[]
  readonly columns: readonly {
    readonly id: string
    readonly label: string
    readonly value: (bucket: Bucket) => number
  }[]
}

export function BucketTable({ buckets, columns }: BucketTableProps): ReactNode {
  const { t } = useTranslation()
  const shown = buckets.filter(bucket => columns.some(({ value }) => value(bucket) > 0)).reverse()
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('overview.time')}</th>
          {columns.map(({ id, label }) => (
            <th key={id} scope="col" className="wrap-anywhere">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map(bucket => (
          <tr key={bucket.at}>
            <th scope="row">
              <Moment at={bucket.at} />
            </th>
            {columns.map(({ id, value }) => (
              <td key={id}>{count(value(bucket))}</td>
            ))}
          </tr>
        ))}
        {shown.length === 0 && (
          <tr>
            <td colSpan={columns.length + 1}>{t('app.none')}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
