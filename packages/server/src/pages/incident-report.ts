/** reportPage: everything that is known of an emergency, to be printed and kept. No secret is in it. */
import type { AuditEntry, RingKey } from 'keyturn/ring'
import { hashOf } from 'keyturn/ports'
import type { RotationView } from '../rotations/rotation-view.ts'
import type { Course } from './course.ts'
import { instanceTable, nextSteps, resultOf, tokenTable } from './emergency-course-page.ts'
import { causeIn } from './emergency-page.ts'
import { html, type Html, type Piece } from './html.ts'
import type { Page, PageCall } from './page-route.ts'
import { timeElement } from './page-time.ts'

export interface Incident {
  readonly rotation: RotationView
  readonly course: Course
  readonly path: string
  /** Those that were killed, as the ring or its trail still knows them. */
  readonly keys: readonly ReportedKey[]
  /** About how many; undefined once nobody counts that far back. */
  readonly sessions: number | undefined
  /** Refusals since the beginning, by code. */
  readonly rejected: Readonly<Record<string, number>>
  readonly entry: AuditEntry | undefined
}

/** Times are epoch seconds. */
export type ReportedKey = Pick<RingKey, 'kid'> &
  Partial<Pick<RingKey, 'createdAt' | 'activatedAt' | 'deactivatedAt'>>

export function reportPage(call: PageCall, incident: Incident): Page {
  const { words } = call
  const { rotation, course, path } = incident
  const title = words.reportTitle(rotation.ring)
  return {
    title,
    isWide: true,
    content: html`<h1>${title}</h1>
      <p class="hint screen">${words.printHint} <a class="link" href="${path}">${words.toCourse}</a></p>
      ${facts(call, incident)}
      <h2>${words.keysKilled}</h2>
      ${keyTable(call, incident)}
      <h2>${words.instances}</h2>
      ${instanceTable(call, course)} ${tokenTable(words, rotation)}
      <h2>${words.rejections}</h2>
      ${rejections(call, incident)}
      <h2>${words.auditEntry}</h2>
      ${trailEntry(call, incident)}
      <h2>${words.checklist}</h2>
      ${nextSteps(words)}`,
  }
}

const list = (rows: readonly (readonly [name: string, value: Piece])[]): Html =>
  html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`

function facts(call: PageCall, { rotation, course, sessions }: Incident): Html {
  const { words, language } = call
  const { ring, cause, reason, actor, startedAt, endedAt } = rotation
  return list([
    [words.ring, ring],
    [words.cause, cause === null ? words.unknown : causeIn(words, cause)],
    [words.reason, reason],
    [words.who, actor],
    [words.started, timeElement(language, startedAt)],
    [words.ended, endedAt === null ? words.notEnded : timeElement(language, endedAt)],
    [words.result, resultOf(call, course)],
    [words.sessions, sessions === undefined ? words.sessionsUnknown : words.aboutSessions(sessions)],
    [words.freshKey, rotation.kid === null ? words.unknown : html`<code>${rotation.kid}</code>`],
  ])
}

function keyTable({ words, language }: PageCall, { rotation, keys }: Incident): Html {
  if (keys.length === 0) return html`<p>${rotation.outcome ? words.noKeysKilled : words.notEnded}</p>`
  const at = (seconds: number | null | undefined): Piece =>
    seconds === null || seconds === undefined ? words.unknown : timeElement(language, seconds * 1000)
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${words.kid}</th>
        <th scope="col">${words.created}</th>
        <th scope="col">${words.activated}</th>
        <th scope="col">${words.deactivated}</th>
      </tr>
    </thead>
    <tbody>
      ${keys.map(
        ({ kid, createdAt, activatedAt, deactivatedAt }) =>
          html`<tr>
            <th scope="row"><code>${kid}</code></th>
            <td data-label="${words.created}">${at(createdAt)}</td>
            <td data-label="${words.activated}">${at(activatedAt)}</td>
            <td data-label="${words.deactivated}">${at(deactivatedAt)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function rejections({ words, language }: PageCall, { rejected }: Incident): Html {
  const rows = Object.entries(rejected).sort(([, a], [, b]) => b - a)
  const number = new Intl.NumberFormat(language)
  return html`${rows.length === 0 && html`<p>${words.noRejections}</p>`}
    ${
      rows.length > 0 &&
      html`<table>
        <thead>
          <tr>
            <th scope="col">${words.code}</th>
            <th scope="col">${words.count}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([code, count]) =>
              html`<tr>
                <th scope="row"><code>${code}</code></th>
                <td>${number.format(count)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    <p class="hint">${words.keptHours}</p>`
}

function trailEntry({ words }: PageCall, { entry }: Incident): Html {
  if (!entry) return html`<p>${words.noEntry}</p>`
  return list([
    [words.generation, entry.generation],
    [words.epoch, entry.epoch],
    [words.hash, html`<code>${hashOf(entry)}</code>`],
  ])
}
