/** CommandsStep: what to type, and what to write into the code. */
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { environmentLines } from '../settings/environment-lines.ts'
import { CopyBlock } from '../ui/copy-block.tsx'
import { Step } from './step.tsx'

const code = `import { createKeyring } from 'keyturn'

const keyring = await createKeyring()
const token = keyring.sign({ sub: 'user-1' }, { expiresIn: '15m' })
const { payload } = await keyring.authenticate(token)`

export function CommandsStep({ ring }: { readonly ring: string }): ReactNode {
  const { t } = useTranslation()
  const variables = environmentLines(location.origin, [`instance:${ring}`], 'keyturn.token')
  return (
    <Step number={3} name={t('firstRun.commands')}>
      <CopyBlock label={t('firstRun.install')} text="npm install keyturn" />
      <CopyBlock label={t('firstRun.code')} text={code} />
      <CopyBlock label={t('firstRun.start')} text={`${variables.join(' \\\n  ')} \\\n  node app.js`} />
    </Step>
  )
}
