/** pageText: a whole page around its content. */
import type { FastifyRequest } from 'fastify'
import { languages, wordsIn } from './appearance.ts'
import { html, type Html } from './html.ts'
import { addressOf } from './page-address.ts'
import type { Page, PageCall } from './page-route.ts'
import type { Words } from './words-en.ts'

export function pageText(call: PageCall, { title, content, isWide }: Page): string {
  const { language, words, theme } = call
  return html`<!doctype html>
    <html lang="${language}" ${theme && html` data-theme="${theme}"`}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Keyturn</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/pages.css" />
      </head>
      <body>
        <a class="skip" href="#content">${words.skip}</a>
        <div class="sheet${isWide ? ' wide' : ''}">
          <header>
            <p class="product">Keyturn</p>
            ${switches(call)}${account(call)}
          </header>
          <main id="content" tabindex="-1">${content}</main>
        </div>
      </body>
    </html> `.toString()
}

/** The page in the other languages. What a form was sent to is shown empty. */
const switches = ({ request, language }: PageCall): readonly Html[] =>
  languages
    .filter(each => each !== language)
    .map(
      each =>
        html`<a class="link" href="${addressIn(request, each)}" hreflang="${each}" lang="${each}"
          >${wordsIn(each).language}</a
        >`,
    )

function addressIn(request: FastifyRequest, language: string): string {
  const { path, query } = addressOf(request)
  query.set('lang', language)
  return `${path}?${query.toString()}`
}

const account = ({ principal, csrf, words }: PageCall): Html | undefined =>
  principal &&
  html`<form class="account" method="post" action="/logout">
    <span>${words.loggedInAs(principal.name, roleIn(words, principal.role))}</span>
    <input type="hidden" name="csrf" value="${csrf}" />
    <button class="quiet" type="submit">${words.logOut}</button>
  </form>`

const roleIn = (words: Words, role: 'viewer' | 'operator' | 'admin'): string =>
  ({ viewer: words.roleViewer, operator: words.roleOperator, admin: words.roleAdmin })[role]

/** What is wrong with a form: first for whoever sees, and for whoever hears. @param field id of the field */
export const errorSummary = (
  words: Words,
  title: string | undefined,
  errors: readonly { readonly field: string; readonly text: string }[],
): Html | false =>
  errors.length > 0 &&
  html`<div class="problem" role="alert">
    <p><strong>${words.error}.</strong> ${title}</p>
    <ul>
      ${errors.map(({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`)}
    </ul>
  </div>`

/** Under a field, named by its aria-describedby. */
export const fieldError = (field: string, text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="problem small" id="${field}-problem">${text}</p>`
