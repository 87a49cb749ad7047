/** AuditFilters: what, who, which key, when. All of it is in the address. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { AddressField } from '../ui/address-field.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { actionName } from './action-name.ts'
import { optionsOf, type AuditFilter, type Entry } from './audit-filter.ts'

const route = '/rings/$application/$environment/audit'

export function AuditFilters({ entries }: { readonly entries: readonly Entry[] }): ReactNode {
  const { t } = useTranslation()
  const { entry: _, ...filter } = useSearch({ from: route })
  const navigate = useNavigate({ from: route })
  const options = optionsOf(entries)
  const go = (search: AuditFilter): void => void navigate({ search, replace: true, resetScroll: false })
  const set = (name: keyof AuditFilter, value: string): void => {
    const { [name]: _before, ...rest } = filter
    go({ ...rest, ...(value !== '' && { [name]: value }) })
  }
  const select = (name: 'action' | 'actor' | 'kid', textOf = (value: string): string => value): ReactNode => {
    const chosen = filter[name] ?? ''
    const values = new Set(chosen === '' ? options[name] : [...options[name], chosen])
    return (
      <SelectField
        label={t(`audit.${name}`)}
        value={chosen}
        options={[['', t('audit.any')], ...[...values].map(value => [value, textOf(value)] as const)]}
        onChange={value => set(name, value)}
      />
    )
  }
  return (
    <form
      role="search"
      aria-label={t('audit.filter')}
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,11rem),1fr))] items-end gap-3"
      onSubmit={event => event.preventDefault()}
    >
      {select('action', value => actionName(t, value))}
      {select('actor')}
      {select('kid')}
      {(['from', 'to'] as const).map(name => (
        <AddressField
          key={name}
          label={t(`audit.${name}`)}
          type="date"
          value={filter[name] ?? ''}
          onText={text => set(name, text)}
        />
      ))}
      <button
        type="button"
        className="button justify-self-start"
        disabled={Object.keys(filter).length === 0}
        onClick={() => go({})}
      >
        {t('audit.reset')}
      </button>
    </form>
  )
}
