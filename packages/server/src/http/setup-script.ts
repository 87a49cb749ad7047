/** The script of the set-up page. It takes the secret out of the address bar before anything else. */

export const setupScript = `'use strict'
const fragment = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
const dot = fragment.indexOf('.')
const secret = dot < 0 ? fragment : fragment.slice(0, dot)
const invited = dot < 0 ? '' : fragment.slice(dot + 1)

const german = {
  title: 'Keyturn: Einrichtung',
  heading: 'Passwort festlegen',
  intro: 'Dieser Link gilt einmal.',
  name: 'Name',
  nameHint: 'Buchstaben a bis z, Ziffern, Punkte, Binde- und Unterstriche.',
  password: 'Passwort',
  passwordHint: 'Mindestens 12 Zeichen.',
  again: 'Passwort wiederholen',
  show: 'Passwörter anzeigen',
  send: 'Passwort festlegen',
  toConsole: 'Zur Konsole',
  next: 'Melden Sie sich auf Ihrem Rechner an mit:',
  done: 'Das Passwort ist festgelegt',
  roles: { admin: 'Administrator', operator: 'Operator', viewer: 'Betrachter' },
  who: (name, role) => name + ' ist jetzt angelegt, Rolle: ' + role + '.',
  noLink: 'Öffnen Sie den Link der Einrichtung noch einmal ganz: In der Adresse fehlt sein Geheimnis.',
  noName: 'Der Name fehlt.',
  noPassword: 'Das Passwort hat weniger als 12 Zeichen.',
  differ: 'Die beiden Passwörter sind verschieden.',
  away: 'Der Hub antwortet nicht. Versuchen Sie es noch einmal.',
  failed: 'Das ging nicht',
  problems: {
    ERR_AUTH_SETUP_LINK:
      'Der Link gilt nicht mehr. Einen neuen gibt ein Neustart des Hubs oder: keyturn server operator reset',
    ERR_AUTH_PASSWORD:
      'Das Passwort ist zu schwach: mindestens 12 Zeichen, und mehr als der Name oder ein bekanntes Passwort.',
    ERR_AUTH_LOCKED: 'Gerade wollen zu viele auf einmal hinein. Versuchen Sie es gleich noch einmal.',
    ERR_REQUEST_INVALID: 'Der Name geht nicht, oder der Link ist für einen anderen Namen.',
  },
}
const english = {
  title: 'Keyturn: set-up',
  done: 'The password is set',
  roles: { admin: 'admin', operator: 'operator', viewer: 'viewer' },
  who: (name, role) => name + ' is set up now, with the role ' + role + '.',
  noLink: 'Open the whole set-up link again: its secret is missing in the address.',
  noName: 'The name is missing.',
  noPassword: 'The password has fewer than 12 characters.',
  differ: 'The two passwords differ.',
  away: 'The hub does not answer. Try again.',
  failed: 'That did not work',
  problems: {
    ERR_AUTH_SETUP_LINK:
      'The link is not valid any more. Start the hub again, or run keyturn server operator reset, for a new one.',
    ERR_AUTH_PASSWORD:
      'The password is too weak: at least 12 characters, and more than the name or a famous password.',
    ERR_AUTH_LOCKED: 'Too many want to come in at once. Try again in a moment.',
    ERR_REQUEST_INVALID: 'The name cannot be used, or the link is for another name.',
  },
}
const chosen = name => (new RegExp('(?:^|; )' + name + '=(\\\\w+)').exec(document.cookie) || [])[1]
const isGerman = /^de\\b/i.test(chosen('keyturn_lang') || navigator.language)
const theme = chosen('keyturn_theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
const words = isGerman ? german : english

const element = id => document.getElementById(id)
const fields = { name: element('name'), password: element('password'), again: element('again') }
const send = element('send')

document.title = words.title
if (isGerman) {
  document.documentElement.lang = 'de'
  for (const each of document.querySelectorAll('[data-text]')) each.textContent = german[each.dataset.text]
}
if (invited !== '') {
  fields.name.value = invited
  fields.name.readOnly = true
  element('name-hint').hidden = true
}
if (secret === '') element('intro').textContent = words.noLink
else {
  element('form').hidden = false
  if (invited === '') fields.name.focus()
  else fields.password.focus()
}

function tell(text, field) {
  element('problem').textContent = text
  for (const each of Object.values(fields)) each.removeAttribute('aria-invalid')
  if (!field) return
  field.setAttribute('aria-invalid', 'true')
  field.focus()
}

element('show').addEventListener('change', event => {
  const type = event.target.checked ? 'text' : 'password'
  fields.password.type = type
  fields.again.type = type
})

element('form').addEventListener('submit', async event => {
  event.preventDefault()
  const name = fields.name.value.trim().toLowerCase()
  const password = fields.password.value
  if (name === '') return tell(words.noName, fields.name)
  if ([...password].length < 12) return tell(words.noPassword, fields.password)
  if (password !== fields.again.value) return tell(words.differ, fields.again)
  tell('')
  send.disabled = true
  try {
    const response = await fetch('/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, name, password }),
    })
    const answer = await response.json()
    if (response.ok) return finish(answer)
    const field = answer.code === 'ERR_AUTH_PASSWORD' ? fields.password : undefined
    tell(words.problems[answer.code] || words.failed + ': ' + (answer.detail || answer.title), field)
  } catch {
    tell(words.away)
  } finally {
    send.disabled = false
  }
})

function finish(operator) {
  element('form').reset()
  element('form').hidden = true
  element('intro').hidden = true
  element('who').textContent = words.who(operator.name, words.roles[operator.role] || operator.role)
  element('command').textContent = 'keyturn login ' + location.origin
  element('done').hidden = false
  const heading = element('heading')
  heading.textContent = words.done
  heading.focus()
}
`
