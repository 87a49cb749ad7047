/** NotFound: there is nothing at this address. */
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeading } from './page-heading.tsx'

export function NotFound(): ReactElement {
  const { t } = useTranslation()
  return (
    <section className="narrow">
      <PageHeading title={t('problem.notFound')} />
      <p>{t('problem.notFoundText')}</p>
      <p>
        <Link to="/">{t('problem.toSearch')}</Link>
      </p>
    </section>
  )
}
