// Before the first paint: the language and the theme that the reader has chosen.
'use strict'
{
  const cookie = name => new RegExp(`(?:^|; )${name}=(\\w+)`).exec(document.cookie)?.[1]
  const language = cookie('keyturn_lang') ?? navigator.language
  document.documentElement.lang = /^de\b/i.test(language) ? 'de' : 'en'
  const theme = cookie('keyturn_theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
