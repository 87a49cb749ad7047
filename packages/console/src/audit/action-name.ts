/** actionName, actionKind: what an entry of the trail did, in the reader's words. */
import type { TFunction } from 'i18next'
import type { app } from '../i18n/en/app.ts'

type Known = keyof typeof app.actions

const known: Readonly<Record<string, Known>> = {
  init: 'init',
  'init.adopt': 'adopt',
  edit: 'edit',
  erase: 'erase',
  epoch: 'epoch',
  emergency: 'emergency',
  'rotate.stage': 'rotateStage',
  'rotate.activate': 'rotateActivate',
  'rotate.abort': 'rotateAbort',
  'rotate.resume': 'rotateResume',
  'rollback.publish': 'rollbackPublish',
  'rollback.activate': 'rollbackActivate',
  'rollback.resume': 'rollbackResume',
  'key.import': 'keyImport',
  'key.retire': 'keyRetire',
  'key.destroy': 'keyDestroy',
  'fleet.forget': 'fleetForget',
}

/** Without what it was done to: `fleet.forget:api-1` is `fleet.forget`. */
export const actionKind = (action: string): string => action.replace(/:.*$/s, '')

export function actionName(t: TFunction, action: string): string {
  const kind = actionKind(action)
  const name = known[kind]
  if (name === undefined) return action
  const object = action.slice(kind.length + 1)
  return object === '' ? t(`app.actions.${name}`) : `${t(`app.actions.${name}`)}: ${object}`
}
