/** NewTokenForm: an access token for a program or for instances. */
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import { ringsQuery } from '../api/queries.ts'
import type { CreatedToken, NewToken } from '../api/answers.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { TokenOnce } from './token-once.tsx'

const kinds = ['instance', 'read', 'operate', 'admin'] as const

type Kind = (typeof kinds)[number]

const lives = [30, 90, 180, 365]
const usualLife = 90
const daySeconds = 86_400

export function NewTokenForm(): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { rings } = useSuspenseQuery(ringsQuery).data
  const [name, setName] = useState('')
  const [kind, setKind] = useState<Kind>(rings.length > 0 ? 'instance' : 'read')
  const [chosen, setChosen] = useState('')
  const [days, setDays] = useState(usualLife)
  const [isMissing, setMissing] = useState(false)
  const ring = chosen || (rings[0]?.ring ?? '')
  const create = useMutation({
    mutationFn: (body: NewToken) => post<CreatedToken>('/tokens', body),
    gcTime: 0,
    onSuccess: () => {
      setName('')
      for (const each of ['tokens', 'events']) void client.invalidateQueries({ queryKey: [each] })
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setMissing(name.trim() === '')
    if (name.trim() === '') event.currentTarget.querySelector<HTMLInputElement>('[name=token]')?.focus()
    else if (!create.isPending)
      create.mutate({
        name: name.trim(),
        scopes: [kind === 'instance' ? `instance:${ring}` : kind],
        expiresIn: days * daySeconds,
      })
  }
  return (
    <form noValidate className="flex max-w-2xl flex-col gap-3" onSubmit={submit}>
      <h3>{t('settings.newToken')}</h3>
      <SelectField
        label={t('settings.newTokenFor')}
        value={kind}
        options={kinds
          .filter(each => each !== 'instance' || rings.length > 0)
          .map(each => [each, t(`settings.tokenKinds.${each}`)])}
        onChange={value => setKind(value as Kind)}
      />
      {kind === 'instance' && (
        <SelectField
          label={t('settings.tokenRing')}
          value={ring}
          options={rings.map(each => [each.ring, each.ring])}
          onChange={setChosen}
        />
      )}
      <TextField
        label={t('settings.tokenName')}
        hint={t('settings.tokenNameHint')}
        error={isMissing ? t('settings.nameMissing') : undefined}
        name="token"
        autoComplete="off"
        maxLength={64}
        required
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <SelectField
        label={t('settings.tokenLife')}
        value={String(days)}
        options={lives.map(count => [String(count), t('settings.tokenDays', { count })])}
        onChange={value => setDays(Number(value))}
      />
      <ProblemNote error={create.error} />
      <button type="submit" className="button self-start" aria-disabled={create.isPending}>
        {t('settings.newTokenDo')}
      </button>
      {create.data && <TokenOnce key={create.data.id} created={create.data} />}
    </form>
  )
}
