/** coursePage: an emergency as it goes, and what to do when it has ended. */
import type { RotationView } from '../rotations/rotation-view.ts'
import type { Course, CourseInstance } from './course.ts'
import { html, type Html } from './html.ts'
import type { Page, PageCall } from './page-route.ts'
import { timeElement } from './page-time.ts'
import type { Words } from './words-en.ts'

export interface CourseView {
  readonly rotation: RotationView
  readonly course: Course
  /** Of the course itself. */
  readonly path: string
  /** The browser asks again while it runs. */
  readonly isRefreshed: boolean
}

export function coursePage(call: PageCall, view: CourseView): Page {
  const { words } = call
  const { rotation, course, path, isRefreshed } = view
  const isRunning = course.state === 'running'
  const title = words.courseTitle(rotation.ring)
  return {
    title: `${resultText(words, course)} · ${title}`,
    isWide: true,
    ...(isRunning && isRefreshed && { refresh: 1 }),
    content: html`<h1>${title}</h1>
      <p class="result ${course.state}" role="status">${resultOf(call, view.course)}</p>
      ${isRunning && refreshing(words, path, isRefreshed)}
      ${rotation.problem && html`<p class="problem" lang="en">${rotation.problem.detail} (${rotation.problem.code})</p>`}
      <h2>${words.instances}</h2>
      ${instanceTable(call, course)} ${keysOf(words, rotation)} ${tokenTable(words, rotation)}
      <h2>${words.nextSteps}</h2>
      ${nextSteps(words)}
      <p class="links">
        <a class="link" href="${path}/report">${words.report}</a>
        <a class="link" href="/rings/${rotation.ring}">${words.toRing}</a>
      </p>`,
  }
}

const refreshing = (words: Words, path: string, isRefreshed: boolean): Html =>
  isRefreshed
    ? html`<p class="hint">
        ${words.refreshing} <a class="link" href="${path}?refresh=off">${words.stopRefreshing}</a>
      </p>`
    : html`<p class="hint"><a class="link" href="${path}">${words.startRefreshing}</a></p>`

function resultText(words: Words, { state, seconds, confirmed, counting }: Course): string {
  switch (state) {
    case 'running':
      return words.running(seconds, confirmed, counting)
    case 'everywhere':
      return words.everywhere(seconds)
    case 'nobody':
      return words.nobody(seconds)
    case 'partly':
      return words.partly(seconds, confirmed, counting)
    case 'failed':
      return words.failed
  }
}

/** With the time by which the last one has stopped. */
export function resultOf({ words, language }: PageCall, course: Course): Html {
  const latest = course.instances
    .flatMap(({ stopsBy }) => stopsBy ?? [])
    .sort()
    .at(-1)
  const isPartly = course.state === 'partly' && latest !== undefined
  return html`${resultText(words, course)}${isPartly && html`; ${words.othersStopBy} ${timeElement(language, latest)}`}`
}

export function instanceTable({ words, language }: PageCall, course: Course): Html {
  const { instances, more } = course
  if (instances.length === 0) return html`<p>${words.noInstances}.</p>`
  return html`<table>
      <thead>
        <tr>
          <th scope="col">${words.instance}</th>
          <th scope="col">${words.state}</th>
        </tr>
      </thead>
      <tbody>
        ${instances.map(
          each =>
            html`<tr class="${each.confirmedAfter === null ? 'missing' : 'confirmed'}">
              <th scope="row">${each.instance}</th>
              <td>
                ${standingOf(words, each)}${each.stopsBy !== null && html`; ${words.stopsBy} ${timeElement(language, each.stopsBy)}`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${more > 0 && html`<p>${words.moreInstances(more)}</p>`}`
}

function standingOf(words: Words, { confirmedAfter, standing }: CourseInstance): string {
  if (confirmedAfter !== null) return `✓ ${words.confirmed} ${words.confirmedAfter(confirmedAfter)}`
  const why = standing === null ? '' : `: ${standingIn(words, standing)}`
  return `✗ ${words.waiting}${why}`
}

const standingIn = (words: Words, standing: NonNullable<CourseInstance['standing']>): string =>
  ({
    acknowledged: words.standingAcknowledged,
    behind: words.standingBehind,
    refused: words.standingRefused,
    clock: words.standingClock,
    lost: words.standingLost,
    fenced: words.standingFenced,
    dead: words.standingDead,
  })[standing]

function keysOf(words: Words, { outcome, kid }: RotationView): Html {
  const killed = outcome?.compromised
  return html`<h2>${words.keysKilled}</h2>
    ${killed && killed.length === 0 && html`<p>${words.noKeysKilled}</p>`}
    ${
      killed &&
      killed.length > 0 &&
      html`<ul>
        ${killed.map(each => html`<li><code>${each}</code></li>`)}
      </ul>`
    }
    ${outcome?.restored && html`<p>${words.restored}</p>`}
    ${kid !== null && html`<p>${words.freshKey}: <code>${kid}</code></p>`}`
}

export function tokenTable(words: Words, { outcome }: RotationView): Html {
  const tokens = outcome?.tokens ?? []
  return html`<h2>${words.tokens}</h2>
    ${outcome && tokens.length === 0 && html`<p>${words.noTokens}</p>`}
    ${
      tokens.length > 0 &&
      html`<p>${words.tokensHint}</p>
        <table>
          <thead>
            <tr>
              <th scope="col">${words.tokenName}</th>
              <th scope="col">${words.tokenAddresses}</th>
              <th scope="col">${words.tokenState}</th>
            </tr>
          </thead>
          <tbody>
            ${tokens.map(
              ({ id, name, addresses, revoked }) =>
                html`<tr>
                  <th scope="row">${name} <code>${id}</code></th>
                  <td data-label="${words.tokenAddresses}">
                    ${addresses.length === 0 ? words.noAddress : addresses.join(', ')}
                  </td>
                  <td data-label="${words.tokenState}">${revoked ? words.tokenRevoked : words.tokenValid}</td>
                </tr>`,
            )}
          </tbody>
        </table>`
    }`
}

/** Where more is to be read: files of the project. */
const runbook = 'docs/SECOPS_RUNBOOK.md'

export const nextSteps = (words: Words): Html =>
  html`<ol>
    <li>${words.stepSource} (${words.see} ${runbook}, “The secret is compromised”)</li>
    <li>${words.stepLost} (${words.see} ${runbook}, “An instance is lost”)</li>
    <li>${words.stepTokens} (${words.see} ${runbook}, “An instance token leaked”)</li>
    <li>${words.stepWatch} (${words.see} docs/OPERATIONS.md, “Monitoring”)</li>
    <li>${words.stepDuties} (${words.see} ${runbook}, “A breach was detected”)</li>
    <li>${words.stepTrail}</li>
  </ol>`
