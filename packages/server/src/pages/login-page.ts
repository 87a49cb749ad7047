/** loginPage: name and password. */
import { html } from './html.ts'
import { errorSummary } from './page-layout.ts'
import type { Page } from './page-route.ts'
import type { Words } from './words-en.ts'

export interface LoginForm {
  readonly words: Words
  readonly name: string
  /** A local path. */
  readonly returnTo: string
  /** Why the last try failed. */
  readonly problem?: string
}

export function loginPage({ words, name, returnTo, problem }: LoginForm): Page {
  const described = problem !== undefined && html` aria-describedby="problem" aria-invalid="true"`
  const errors = problem === undefined ? [] : [{ field: 'name', text: problem }]
  return {
    title: problem === undefined ? words.loginTitle : `${words.error}: ${words.loginTitle}`,
    content: html`<h1>${words.loginTitle}</h1>
      <div id="problem">${errorSummary(words, undefined, errors)}</div>
      <form method="post" action="/login">
        <input type="hidden" name="returnTo" value="${returnTo}" />
        <label for="name">${words.name}</label>
        <input
          id="name"
          name="name"
          value="${name}"
          autocomplete="username"
          autocapitalize="none"
          autocorrect="off"
          spellcheck="false"
          maxlength="100"
          required${described}${name === '' && html` autofocus`}
        />
        <label for="password">${words.password}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="4096"
          required${described}${name !== '' && html` autofocus`}
        />
        <button type="submit">${words.logIn}</button>
      </form>`,
  }
}
