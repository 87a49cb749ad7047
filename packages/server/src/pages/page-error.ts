/** errorPage: what somebody is told whose page cannot be shown. */
import { problemOf } from '../http/problem.ts'
import { html } from './html.ts'
import type { Page, PageCall } from './page-route.ts'

export function errorPage(call: PageCall, error: unknown): Page {
  const { words, request } = call
  const { problem, retryAfter, isInternal } = problemOf(error, request.id)
  if (isInternal) request.log.error({ err: error, requestId: request.id }, 'unexpected')
  const { title, text } = saidOf(call, problem.code, problem.status)
  return {
    status: problem.status,
    title,
    retryAfter,
    content: html`<h1>${title}</h1>
      ${text !== undefined && html`<p>${text}</p>`}
      ${text === undefined && html`<p lang="en">${problem.detail}</p>`}
      <p class="hint">${problem.code} · ${problem.requestId}</p>
      <p>
        ${request.method === 'POST' && html`<a class="link" href="${request.url}">${words.openAgain}</a>`}
        <a class="link" href="/">${words.toConsole}</a>
      </p>`,
  }
}

function saidOf(
  { words }: PageCall,
  code: string,
  status: number,
): { readonly title: string; readonly text?: string } {
  if (code === 'ERR_AUTH_FORBIDDEN') return { title: words.forbiddenTitle, text: words.forbidden }
  if (code === 'ERR_AUTH_CSRF') return { title: words.forgedTitle, text: words.forged }
  if (status === 404) return { title: words.notFoundTitle }
  return { title: status === 503 ? words.awayTitle : words.problemTitle }
}
