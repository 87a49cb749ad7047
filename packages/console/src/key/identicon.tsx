/** Identicon: the picture of a kid. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { identiconOf } from './identicon-cells.ts'

const fills = ['fill-key-1', 'fill-key-2', 'fill-key-3', 'fill-key-4', 'fill-key-5', 'fill-key-6'] as const

export function Identicon({ kid }: { readonly kid: string }): ReactNode {
  const { t } = useTranslation()
  const { rows, hue } = identiconOf(kid)
  const told = rows.map(row => row.map(cell => (cell ? '■' : '□')).join('')).join(', ')
  return (
    <svg
      viewBox="-1 -1 7 7"
      role="img"
      aria-label={t('key.identicon', { rows: told })}
      className={`size-20 shrink-0 rounded-lg border border-line bg-raised ${fills[hue - 1] ?? fills[0]}`}
    >
      {rows.map((row, y) =>
        row.map((cell, x) => cell && <rect key={`${x}-${y}`} x={x} y={y} width={1.02} height={1.02} />),
      )}
    </svg>
  )
}
