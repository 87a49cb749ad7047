/** The page behind a one-time link: name and password, without a framework. In the published package as text. */

/** Nothing but the hub's own files, and nothing inline. */
export const pagePolicy = [
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
    <link rel="stylesheet" href="/setup.css">
    <script src="/setup.js" defer></script>
  </head>
  <body>
    <main>
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
        <p data-text="next">On your machine, log in with:</p>
        <pre tabindex="0"><code id="command"></code></pre>
      </section>
    </main>
  </body>
</html>
`

export const setupStyle = `:root {
  color-scheme: light dark;
  --page: #f5f6f8;
  --card: #ffffff;
  --text: #1a1d23;
  --quiet: #565d6b;
  --line: #868d9b;
  --accent: #1d4ed8;
  --on-accent: #ffffff;
  --problem: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14161b;
    --card: #1d2027;
    --text: #eceef2;
    --quiet: #a9b0bd;
    --line: #79808d;
    --accent: #8fb4ff;
    --on-accent: #101726;
    --problem: #ff9c91;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0;
  padding: 1rem;
  min-height: 100vh;
  display: grid;
  place-items: center;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%;
  max-width: 26rem;
  padding: 1.5rem;
  background: var(--card);
  border-radius: 0.75rem;
}
.product { margin: 0; color: var(--quiet); font-weight: 600; }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; }
h1:focus { outline: none; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input:not([type='checkbox']) {
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: transparent;
  color: inherit;
  font: inherit;
}
input[readonly] { border-style: dashed; }
.show { display: flex; align-items: center; gap: 0.5rem; margin: 1rem 0 0; }
.show input { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
.show label { margin: 0; font-weight: 400; }
.hint { margin: 0.25rem 0 0; color: var(--quiet); font-size: 0.875rem; }
.problem { margin: 1rem 0 0; color: var(--problem); font-weight: 600; }
.problem:empty { display: none; }
button {
  width: 100%;
  min-height: 2.75rem;
  margin-top: 1.25rem;
  border: 0;
  border-radius: 0.5rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:disabled { opacity: 0.6; cursor: progress; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
pre {
  margin: 0;
  padding: 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
`
