/** emergencyPage, chooseRingPage: what an emergency does to a ring, and the form that starts it. */
import { activeKey, keysWithBytes, type KeyState, type RingDocument } from 'keyturn/ring'
import { countingInstances, type Fleet } from 'keyturn/rotation'
import { causes, type EmergencyForm, type FieldErrors } from './emergency-form.ts'
import { html, type Html } from './html.ts'
import { errorSummary, fieldError } from './page-layout.ts'
import type { Page, PageCall } from './page-route.ts'
import { durationText, timeElement } from './page-time.ts'
import type { Words } from './words-en.ts'

export interface EmergencyView {
  readonly document: RingDocument
  readonly fleet: Fleet
  readonly liveTokens: number
  readonly isHalted: boolean
  /** The hub keeps others as well. */
  readonly hasOthers: boolean
  readonly form: EmergencyForm
  readonly errors: FieldErrors
}

export function emergencyPage(call: PageCall, view: EmergencyView): Page {
  const { words } = call
  const { document, errors } = view
  const { ring } = document
  const failed = Object.entries(errors)
  const listed = failed.map(([field, text]) => ({ field: fieldIds[field] ?? field, text }))
  return {
    title: failed.length === 0 ? words.formTitle(ring) : `${words.error}: ${words.formTitle(ring)}`,
    content: html`<h1>${words.formTitle(ring)}</h1>
      ${errorSummary(words, words.summary, listed)}
      <h2>${words.whatHappens}</h2>
      ${consequences(call, view)} ${formOf(call, view)}
      ${view.hasOthers && html`<p><a class="link" href="/emergency">${words.otherRing}</a></p>`}`,
  }
}

/** Where the first of several is. */
const fieldIds: Readonly<Record<string, string>> = { cause: 'cause-compromised', once: 'confirm' }

function consequences({ words, language }: PageCall, view: EmergencyView): Html {
  const { document, fleet, liveTokens, isHalted } = view
  const { kid, activatedAt, createdAt } = activeKey(document)
  const since = activatedAt ?? createdAt
  const counting = countingInstances(fleet)
  const lost = counting.filter(({ standing }) => standing === 'lost').length
  const within = durationText(language, document.limits.maxStale)
  return html`<ul>
    <li>
      ${words.activeKey}: <code>${kid}</code>,
      ${since === null ? words.sinceUnknown : html`${words.activeSince} ${timeElement(language, since * 1000)}`}
    </li>
    <li>
      ${counting.length === 0 ? words.noInstances : words.reachable(counting.length - lost, counting.length)}
    </li>
    ${lost > 0 && html`<li>${words.outOfReach(lost)} ${within}</li>`}
    <li>${words.sessionsEnd(liveTokens)}</li>
    <li>${words.fresh}</li>
    <li><strong>${words.neverBack}</strong></li>
    ${isHalted && html`<li><strong>${words.halted}</strong></li>`}
  </ul>`
}

function formOf({ words, csrf }: PageCall, { document, form, errors }: EmergencyView): Html {
  const { ring } = document
  return html`<form method="post" action="/emergency">
    <input type="hidden" name="csrf" value="${csrf}" />
    <input type="hidden" name="once" value="${form.once}" />
    <input type="hidden" name="ring" value="${ring}" />
    <fieldset${describedBy(errors, 'cause')}>
      <legend>${words.causeLegend}</legend>
      ${causes.map(
        cause =>
          html`<label class="choice"
            ><input
              type="radio"
              id="cause-${cause}"
              name="cause"
              value="${cause}"
              required${form.cause === cause && html` checked`}
            /><span>${causeIn(words, cause)}</span></label
          >`,
      )}
      ${fieldError('cause', errors.cause)}
    </fieldset>
    <label for="reason">${words.reason}</label>
    <p class="hint" id="reason-hint">${words.reasonHint}</p>
    <textarea id="reason" name="reason" rows="2" maxlength="500" required${describedBy(errors, 'reason', true)}>${form.reason}</textarea>
    ${fieldError('reason', errors.reason)}
    <label for="kid">${words.whichKeys}</label>
    <select id="kid" name="kid"${describedBy(errors, 'kid')}>
      <option value="">${words.allKeys}</option>
      ${keysWithBytes(document).map(
        ({ kid, state }) =>
          html`<option value="${kid}" ${form.kid === kid && html` selected`}>
            ${words.onlyKey(kid, stateIn(words, state))}
          </option>`,
      )}
    </select>
    ${fieldError('kid', errors.kid)}
    <label class="choice"
      ><input type="checkbox" name="revokeTokens" value="1" aria-describedby="revoke-hint"${form.revokeTokens && html` checked`} /><span>${words.revoke}</span></label
    >
    <p class="hint" id="revoke-hint">${words.revokeHint}</p>
    <label for="confirm">${words.confirm(ring)}</label>
    <input id="confirm" name="confirm" value="${form.confirm}" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" required${describedBy(errors, 'confirm')} />
    ${fieldError('confirm', errors.confirm ?? errors.once)}
    <button class="danger" type="submit">${words.kill(ring)}</button>
    <p><a class="link" href="/">${words.cancel}</a></p>
  </form>`
}

function describedBy(errors: FieldErrors, field: keyof FieldErrors, hasHint = false): Html {
  const isWrong = errors[field] !== undefined
  const ids = [...(hasHint ? [`${field}-hint`] : []), ...(isWrong ? [`${field}-problem`] : [])]
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${isWrong && html` aria-invalid="true"`}`
}

const stateIn = (words: Words, state: KeyState): string =>
  ({
    staged: words.stateStaged,
    active: words.stateActive,
    retiring: words.stateRetiring,
    suspended: words.stateSuspended,
    compromised: words.stateCompromised,
  })[state]

export const causeIn = (words: Words, cause: string): string =>
  ({
    compromised: words.causeCompromised,
    breach: words.causeBreach,
    'access-holder-left': words.causeLeft,
    other: words.causeOther,
    scheduled: words.causeScheduled,
  })[cause] ?? cause

/** @param problem why none was chosen yet */
export function chooseRingPage(words: Words, rings: readonly string[], problem?: string): Page {
  return {
    title: problem === undefined ? words.chooseTitle : `${words.error}: ${words.chooseTitle}`,
    ...(problem !== undefined && { status: 404 }),
    content: html`<h1>${words.chooseTitle}</h1>
      ${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
      <p>${rings.length === 0 ? words.noRings : words.choose}</p>
      <ul class="choices">
        ${rings.map(
          ring =>
            html`<li><a class="link" href="/emergency?ring=${encodeURIComponent(ring)}">${ring}</a></li>`,
        )}
      </ul>`,
  }
}
