/** ModeCards: what can happen, each with its consequence first. */
import { useId, type ReactNode } from 'react'
import { useTranslation } from '../i18n/i18n.ts'
import type { RingView } from '../api/answers.ts'
import { moment } from '../format/moments.ts'
import { count } from '../format/numbers.ts'
import { hubNow } from '../format/use-now.ts'
import type { Mode } from './choice.ts'

export interface ModeCardsProps {
  readonly view: RingView
  readonly mode: Mode
  readonly onChange: (mode: Mode) => void
  /** The kid that a rollback goes back to, if the address names one. */
  readonly to: string | undefined
}

interface Card {
  readonly mode: Mode
  readonly consequence: string
  readonly text: string
  readonly undo?: string
}

export function ModeCards({ view, mode, onChange, to }: ModeCardsProps): ReactNode {
  const { t } = useTranslation()
  const { document, liveTokens } = view
  const { limits, ring } = document
  const after = (seconds: number): string => moment(hubNow() + seconds * 1000)
  const sessions = count(liveTokens)
  const undo = document.undo.at(-1)
  const target = to ?? undo?.from
  const cards: readonly Card[] = [
    {
      mode: 'graceful',
      consequence: t('rotate.cards.graceful.consequence'),
      text: t('rotate.cards.graceful.text', { until: after(limits.grace) }),
      undo: t('rotate.cards.graceful.undo'),
    },
    {
      mode: 'hard',
      consequence:
        liveTokens === 0
          ? t('rotate.cards.hard.consequenceNone')
          : t('rotate.cards.hard.consequence', { sessions }),
      text: t('rotate.cards.hard.text'),
      undo: t('rotate.cards.hard.undo', { until: after(limits.hold) }),
    },
    ...(target !== undefined && document.keys.some(({ kid }) => kid === target)
      ? [
          {
            mode: 'rollback' as const,
            consequence:
              undo?.mode === 'hard'
                ? t('rotate.cards.rollback.consequenceRestored', { kid: target })
                : t('rotate.cards.rollback.consequence', { kid: target }),
            text: t('rotate.cards.rollback.text', { until: after(limits.grace) }),
          },
        ]
      : []),
  ]
  return (
    <fieldset className="min-w-0">
      <legend className="label mb-2">{t('rotate.how')}</legend>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-4">
        {cards.map(card => (
          <ModeCard
            key={card.mode}
            card={card}
            isChosen={card.mode === mode}
            onChoose={() => onChange(card.mode)}
          />
        ))}
        <div className="card flex flex-col gap-2 border-bad">
          <h2>
            <span aria-hidden="true">⚠ </span>
            {t('rotate.cards.emergency.name')}
          </h2>
          <p className="font-semibold text-bad">{t('rotate.cards.emergency.consequence')}</p>
          <p>{t('rotate.cards.emergency.text', { sessions })}</p>
          <p className="hint">{t('rotate.cards.emergency.undo')}</p>
          <a className="button button-danger mt-auto" href={`/emergency?ring=${encodeURIComponent(ring)}`}>
            {t('rotate.cards.emergency.open')}
          </a>
        </div>
      </div>
    </fieldset>
  )
}

function ModeCard(props: {
  readonly card: Card
  readonly isChosen: boolean
  readonly onChoose: () => void
}): ReactNode {
  const { card, isChosen, onChoose } = props
  const { t } = useTranslation()
  const id = useId()
  return (
    <label
      className={`card flex cursor-pointer flex-col gap-2 ${isChosen ? 'border-accent outline-2 outline-accent' : ''}`}
    >
      <span className="flex items-center gap-2 text-lg font-semibold">
        <input
          type="radio"
          name="mode"
          className="size-5 shrink-0 accent-accent"
          checked={isChosen}
          aria-describedby={`${id}-consequence ${id}-text`}
          onChange={onChoose}
        />
        {t(`rotate.cards.${card.mode}.name`)}
      </span>
      <span id={`${id}-consequence`} className="font-semibold wrap-anywhere">
        {card.consequence}
      </span>
      <span id={`${id}-text`}>{card.text}</span>
      {card.undo !== undefined && <span className="hint">{card.undo}</span>}
    </label>
  )
}
