/** FleetFilters: by standing and by text, and tiles or a table. All of it is in the address. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { InstanceView } from '../api/answers.ts'
import { count as number } from '../format/numbers.ts'
import { AddressField } from '../ui/address-field.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { countStandings, isBehind, standings } from './fleet-filter.ts'

const route = '/rings/$application/$environment/fleet'

export function FleetFilters({ instances }: { readonly instances: readonly InstanceView[] }): ReactNode {
  const { t } = useTranslation()
  const search = useSearch({ from: route })
  const navigate = useNavigate({ from: route })
  const counts = countStandings(instances)
  const missing = instances.filter(({ standing }) => isBehind(standing)).length
  const set = (name: 'show' | 'q' | 'view', value: string): void =>
    void navigate({
      search: ({ [name]: _, ...rest }) => ({ ...rest, ...(value !== '' && { [name]: value }) }),
      replace: true,
      resetScroll: false,
    })
  const options = [
    ['', t('fleet.everyone', { total: number(instances.length) })],
    ['missing', t('fleet.missing', { total: number(missing) })],
    ...standings
      .filter(each => counts[each] > 0 || each === search.show)
      .map(each => [each, `${t(`app.standings.${each}`)} (${number(counts[each])})`] as const),
  ] as const
  return (
    <form
      role="search"
      aria-label={t('fleet.filter')}
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] items-end gap-3"
      onSubmit={event => event.preventDefault()}
    >
      <SelectField
        label={t('fleet.standing')}
        value={search.show ?? ''}
        options={options}
        onChange={value => set('show', value)}
      />
      <AddressField
        label={t('fleet.search')}
        type="search"
        autoComplete="off"
        value={search.q ?? ''}
        onText={text => set('q', text)}
      />
      <fieldset>
        <legend className="label">{t('fleet.view')}</legend>
        <div className="flex flex-wrap gap-2">
          {(['', 'table'] as const).map(each => {
            const isOn = (search.view === 'table') === (each === 'table')
            return (
              <button
                key={each}
                type="button"
                className="button"
                aria-pressed={isOn}
                onClick={() => set('view', each)}
              >
                {isOn && <span aria-hidden="true">✔</span>}
                {t(each === 'table' ? 'fleet.table' : 'fleet.grid')}
              </button>
            )
          })}
        </div>
      </fieldset>
    </form>
  )
}
