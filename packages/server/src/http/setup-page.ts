/** The page behind a one-time link: name and password, without a framework. In the published package as text. */

/** Nothing but the hub's own files, and nothing inline. */
export const setupPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** English; the script puts German in its place. */
export const setupPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>Keyturn: set-up</title>
    <link rel="stylesheet" href="/pages.css">
    <script src="/setup.js" defer></script>
  </head>
  <body>
    <main class="sheet">
      <p class="product">Keyturn</p>
      <h1 id="heading" data-text="heading" tabindex="-1">Set your password</h1>
      <noscript><p class="problem">This page needs JavaScript.</p></noscript>
      <p id="intro" data-text="intro">This link can be used once.</p>
      <form id="form" method="post" action="/setup" novalidate hidden>
        <label for="name" data-text="name">Name</label>
        <input id="name" name="username" autocomplete="username" autocapitalize="none" autocorrect="off"
          spellcheck="false" maxlength="64" required aria-describedby="name-hint">
        <p class="hint" id="name-hint" data-text="nameHint">Letters a to z, digits, dots, dashes, underscores.</p>
        <label for="password" data-text="password">Password</label>
        <input id="password" name="new-password" type="password" autocomplete="new-password" required
          aria-describedby="password-hint">
        <p class="hint" id="password-hint" data-text="passwordHint">At least 12 characters.</p>
        <label for="again" data-text="again">Password again</label>
        <input id="again" name="again" type="password" autocomplete="new-password" required>
        <p class="show">
          <input id="show" type="checkbox">
          <label for="show" data-text="show">Show the passwords</label>
        </p>
        <p id="problem" class="problem" role="alert"></p>
        <button id="send" type="submit" data-text="send">Set the password</button>
      </form>
      <section id="done" hidden>
        <p id="who"></p>
        <p><a class="link" href="/login" data-text="toConsole">To the console</a></p>
        <p data-text="next">On your machine, log in with:</p>
        <pre tabindex="0"><code id="command"></code></pre>
      </section>
    </main>
  </body>
</html>
`
