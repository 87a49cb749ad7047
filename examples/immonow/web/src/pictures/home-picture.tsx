/** HomePicture: the drawing of a listing. */
import { useMemo, type ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { drawingHeight, drawingWidth, homeDrawing } from './home-drawing.ts'
import type { Shape } from './shapes.ts'

interface HomePictureProps {
  readonly id: number
  readonly kind: 'apartment' | 'house'
}

export function HomePicture({ id, kind }: HomePictureProps): ReactElement {
  const { t } = useTranslation()
  const { style, shapes } = useMemo(() => homeDrawing(id, kind), [id, kind])
  return (
    <svg
      className="picture"
      viewBox={`0 0 ${drawingWidth} ${drawingHeight}`}
      role="img"
      aria-label={t(`picture.${style}`)}
      preserveAspectRatio="xMidYMid slice"
    >
      {shapes.map((shape, index) => (
        <Drawn key={index} shape={shape} />
      ))}
    </svg>
  )
}

function Drawn({ shape: { tag, ...attributes } }: { readonly shape: Shape }): ReactElement {
  const Tag = tag
  return <Tag {...attributes} />
}
