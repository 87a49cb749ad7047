/** RoleButton: a button that whoever lacks the role sees, cannot press, and is told why. */
import { useId, type ReactNode } from 'react'
import type { Role } from '../api/answers.ts'
import { useRole } from '../shell/use-ring.ts'
import { NeedsRole } from './needs-role.tsx'

export interface RoleButtonProps {
  readonly needs: Role
  readonly onClick: () => void
  /** @default 'button' */
  readonly className?: string
  readonly children: ReactNode
}

export function RoleButton({ needs, onClick, className = 'button', children }: RoleButtonProps): ReactNode {
  const { may } = useRole()
  const id = useId()
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      <button
        type="button"
        className={className}
        disabled={!may(needs)}
        onClick={onClick}
        {...(!may(needs) && { 'aria-describedby': id })}
      >
        {children}
      </button>
      <NeedsRole role={needs} id={id} />
    </div>
  )
}
