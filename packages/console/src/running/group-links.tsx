/** GroupLinks: the same rotation in the other environments of the application. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import { ringsQuery, rotationsQuery } from '../api/queries.ts'
import type { RotationView } from '../api/answers.ts'

/** Milliseconds between two looks, once it has ended here. */
const ended = 15_000

export function GroupLinks({ rotation }: { readonly rotation: RotationView }): ReactNode {
  if (rotation.group === null) return null
  return <Group rotation={rotation} group={rotation.group} />
}

function Group({ rotation, group }: { readonly rotation: RotationView; readonly group: string }): ReactNode {
  const { t } = useTranslation()
  const [application = ''] = rotation.ring.split('/')
  const { data } = useQuery(ringsQuery)
  const rings = (data?.rings ?? [])
    .map(({ ring }) => ring)
    .filter(ring => ring.startsWith(`${application}/`) && ring !== rotation.ring)
  const lists = useQueries({
    queries: rings.map(ring => ({
      ...rotationsQuery(ring),
      refetchInterval: rotation.state === 'running' ? 1_000 : ended,
    })),
  })
  const others = lists.flatMap(list => (list.data?.rotations ?? []).filter(each => each.group === group))
  if (others.length === 0) return null
  return (
    <section className="card flex flex-col gap-2" aria-labelledby="group">
      <h2 id="group">{t('running.together')}</h2>
      <ul className="flex flex-col gap-1">
        {others.map(({ id, ring, state }) => (
          <li key={id}>
            <Link
              to="/rings/$application/$environment/rotations/$id"
              params={{ application, environment: ring.slice(application.length + 1), id }}
              className="link wrap-anywhere"
            >
              {ring}
            </Link>
            {': '}
            {t(`running.state.${state}`)}
          </li>
        ))}
      </ul>
    </section>
  )
}
