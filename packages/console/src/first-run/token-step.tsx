/** TokenStep: a token for the instances of a ring, shown once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { post } from '../api/call.ts'
import type { CreatedToken, NewToken } from '../api/answers.ts'
import { TokenOnce } from '../settings/token-once.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { RoleButton } from '../ui/role-button.tsx'
import { Step } from './step.tsx'

const mostName = 64

export function TokenStep({ ring }: { readonly ring: string | undefined }): ReactNode {
  const { t } = useTranslation()
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: (body: NewToken) => post<CreatedToken>('/tokens', body),
    gcTime: 0,
    onSuccess: () => void client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (
    <Step number={2} name={t('firstRun.token')} isDone={make.isSuccess}>
      <p>{t(ring === undefined ? 'firstRun.tokenLater' : 'firstRun.tokenText')}</p>
      {ring !== undefined && !make.isSuccess && (
        <RoleButton
          needs="admin"
          className="button button-primary wrap-anywhere"
          onClick={() => {
            const name = ring.replace('/', '-').slice(0, mostName)
            if (!make.isPending) make.mutate({ name, scopes: [`instance:${ring}`] })
          }}
        >
          {t('firstRun.makeToken', { ring })}
        </RoleButton>
      )}
      <ProblemNote error={make.error} />
      {make.data && <TokenOnce created={make.data} />}
    </Step>
  )
}
