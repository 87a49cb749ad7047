/** pagesStyle: how the hub's own pages look. Light and dark as the reader has chosen, or the system. */

const light = `
  --page: #f5f6f8;
  --card: #ffffff;
  --text: #1a1d23;
  --quiet: #565d6b;
  --line: #868d9b;
  --accent: #1d4ed8;
  --on-accent: #ffffff;
  --problem: #b42318;
  --on-problem: #ffffff;
  --good: #17693a;`
const dark = `
  --page: #14161b;
  --card: #1d2027;
  --text: #eceef2;
  --quiet: #a9b0bd;
  --line: #79808d;
  --accent: #8fb4ff;
  --on-accent: #101726;
  --problem: #ff9c91;
  --on-problem: #2a0c08;
  --good: #7fd6a0;`

export const pagesStyle = `:root {
  color-scheme: light dark;${light}
}
@media (prefers-color-scheme: dark) {
  :root {${dark}
  }
}
:root[data-theme='light'] {
  color-scheme: light;${light}
}
:root[data-theme='dark'] {
  color-scheme: dark;${dark}
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
  overflow-wrap: anywhere;
}
.sheet {
  width: 100%;
  max-width: 26rem;
  padding: 1.5rem;
  background: var(--card);
  border-radius: 0.75rem;
}
.sheet.wide { max-width: 52rem; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.5rem; background: var(--card); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1rem; margin-bottom: 0.5rem; }
.product { margin: 0 auto 0 0; color: var(--quiet); font-weight: 600; }
.account { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.75rem; color: var(--quiet); }
main:focus { outline: none; }
h1 { margin: 0 0 0.5rem; font-size: clamp(1.25rem, 5.5vw, 1.5rem); line-height: 1.25; }
h1:focus { outline: none; }
h2 { margin: 1.5rem 0 0.25rem; font-size: 1.125rem; line-height: 1.25; }
ul, ol { margin: 0.25rem 0; padding-left: 1.25rem; }
.choices { list-style: none; padding: 0; }
label, legend { display: block; margin-top: 1rem; font-weight: 600; }
fieldset { margin: 1rem 0 0; padding: 0; border: 0; min-width: 0; }
legend { margin: 0; padding: 0; }
input:not([type='checkbox'], [type='radio']), select, textarea {
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
[aria-invalid='true'] { border-color: var(--problem) !important; border-width: 2px !important; }
fieldset[aria-invalid='true'] { border: 0 !important; }
input[readonly] { border-style: dashed; }
.choice { display: flex; align-items: center; gap: 0.75rem; min-height: 2.75rem; margin: 0; font-weight: 400; }
form > .choice { margin-top: 0.75rem; }
input[type='checkbox'], input[type='radio'] {
  flex: none;
  width: 1.25rem;
  height: 1.25rem;
  margin: 0;
  accent-color: var(--accent);
}
.show { display: flex; align-items: center; gap: 0.5rem; margin: 1rem 0 0; }
.show label { margin: 0; font-weight: 400; }
.hint { margin: 0.25rem 0 0; color: var(--quiet); font-size: 0.875rem; }
.problem { margin: 1rem 0 0; color: var(--problem); font-weight: 600; }
.problem.small { margin-top: 0.25rem; font-size: 0.875rem; }
.problem p { margin: 0; }
.problem a { color: inherit; }
.problem[role='alert'] { padding: 0.75rem; border: 2px solid var(--problem); border-radius: 0.5rem; }
.problem:empty { display: none !important; }
button {
  width: 100%;
  min-height: 2.75rem;
  margin-top: 1.25rem;
  padding: 0.5rem 0.75rem;
  border: 0;
  border-radius: 0.5rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button.danger { background: var(--problem); color: var(--on-problem); }
button.quiet { width: auto; margin: 0; border: 1px solid var(--line); background: transparent; color: inherit; font-weight: 400; }
button:disabled { opacity: 0.6; cursor: progress; }
a { color: var(--accent); }
.link { display: inline-flex; align-items: center; min-height: 2.75rem; margin-right: 1rem; }
header .link { margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
pre {
  margin: 0;
  padding: 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.result { margin: 0.5rem 0; padding: 0.75rem; border: 2px solid var(--line); border-radius: 0.5rem; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.result.everywhere, .result.nobody { border-color: var(--good); color: var(--good); }
.result.partly, .result.failed { border-color: var(--problem); color: var(--problem); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody th { font-weight: 400; }
@media (max-width: 30rem) {
  table, tbody, tr, tbody th, td { display: block; }
  thead { display: none; }
  tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { padding: 0; border: 0; }
  td[data-label]::before { content: attr(data-label) ': '; color: var(--quiet); }
}
dl { margin: 0.25rem 0; }
dl > div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.25rem 0; }
dt { flex: 0 0 12rem; color: var(--quiet); }
dd { flex: 1 1 12rem; margin: 0; }
@media print {
  body, .sheet { display: block; max-width: none; padding: 0; background: none; }
  .account, header .link, .screen, .skip { display: none; }
  h2 { break-after: avoid; }
  tr, dl > div { break-inside: avoid; }
}
`
