/** Facts, Fact: names and their values. */
import type { ReactNode } from 'react'

export const Facts = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <dl className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,14rem),1fr))] gap-x-6 gap-y-3">
    {children}
  </dl>
)

export interface FactProps {
  readonly name: string
  readonly children: ReactNode
}

export const Fact = ({ name, children }: FactProps): ReactNode => (
  <div className="min-w-0">
    <dt className="hint">{name}</dt>
    <dd className="wrap-anywhere">{children}</dd>
  </div>
)
