/** Who may import whom. `scripts/check/imports.js` plants a violation of each rule and expects it to be found. */

const { exports: published } = require('./packages/keyturn/package.json')

const library = '^packages/keyturn/src/'
const tests = '[.]test[.]ts$|/test/'

/**
 * Files under `folder` of the library import only its other files and what `allowed` names.
 * @param {string} folder
 * @param {string[]} allowed folders (`ring/`) and files (`errors`) of the library
 * @param {string} comment
 */
const layer = (folder, allowed, comment) => ({
  name: `library-${folder.replaceAll('/', '')}`,
  comment,
  severity: 'error',
  from: { path: `${library}${folder}`, pathNot: tests },
  to: {
    path: library,
    pathNot: [folder, ...allowed].map(name => library + (name.endsWith('/') ? name : `${name}[.]ts$`)),
  },
})

/**
 * Files at `from` import no module of Node but those in `allowed`.
 * @param {string} name
 * @param {string} from
 * @param {string[]} allowed
 * @param {string} comment
 */
const node = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `${library}${from}`, pathNot: tests },
  to: {
    dependencyTypes: ['core'],
    ...(allowed.length > 0 ? { pathNot: `^(node:)?(${allowed.join('|')})$` } : {}),
  },
})

/** What the package exports as a store. A file beside them that it does not export is shared, and no store. */
const stores = Object.keys(published)
  .filter(subpath => subpath.startsWith('./stores/'))
  .map(subpath => subpath.slice('./stores/'.length))
  .join('|')

const packages = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown']

module.exports = {
  forbidden: [
    layer('secret/', ['errors'], 'secret imports errors'),
    layer('ring/', ['errors'], 'ring is pure: errors and its own files'),
    node('library-ring-node', 'ring/', [], 'ring is pure: no module of Node, no clock, no randomness'),
    layer('token/', ['ring/', 'secret/', 'errors'], 'token imports ring, secret, errors'),
    node('library-token-node', 'token/', ['crypto', 'buffer'], 'token needs nothing of Node but its HMAC'),
    layer('ports/', ['ring/', 'secret/', 'errors'], 'ports import ring, secret, errors'),
    layer(
      'rotation/',
      ['ring/', 'ports/', 'secret/', 'errors', 'failpoint', 'process-identity'],
      'rotation joins ring and ports, and knows no store',
    ),
    layer(
      'stores/',
      ['ring/', 'ports/', 'secret/', 'errors', 'failpoint', 'process-identity'],
      'stores import ports, ring, secret, errors',
    ),
    {
      name: 'library-stores-apart',
      comment: 'a store never imports another store',
      severity: 'error',
      from: { path: `${library}stores/([^/.]+)`, pathNot: tests },
      to: { path: `${library}stores/(?:${stores})[/.]`, pathNot: `${library}stores/$1[/.]` },
    },
    {
      name: 'library-keyring',
      comment: 'the keyring knows no framework',
      severity: 'error',
      from: { path: `${library}keyring/`, pathNot: tests },
      to: { path: `${library}adapters/` },
    },
    {
      name: 'library-index',
      comment: 'index.ts lists the public names for others; inside, import the file itself',
      severity: 'error',
      from: { path: library, pathNot: tests },
      to: { path: `${library}index[.]ts$` },
    },
    {
      name: 'library-packages',
      comment: 'the library has no dependencies; an adapter may import the types of its framework',
      severity: 'error',
      from: { path: library, pathNot: `${tests}|${library}adapters/` },
      to: { dependencyTypes: packages },
    },
    {
      name: 'library-adapters',
      comment: 'an adapter imports types only from a package: the framework is an optional peer',
      severity: 'error',
      from: { path: `${library}adapters/`, pathNot: tests },
      to: { dependencyTypes: packages, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'library-alone',
      comment: 'the library imports nothing else of this repository',
      severity: 'error',
      from: { path: '^packages/keyturn/' },
      to: { path: '^(packages/(?!keyturn/)|examples/)' },
    },
    {
      name: 'cli-published-names',
      comment:
        'the command line imports keyturn and its subpaths as a user does, and nothing else of this repository',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '^(packages/(?!cli/)|examples/)', pathNot: '^packages/keyturn/dist/' },
    },
    {
      name: 'cli-packages',
      comment: 'what the command line imports is bundled: commander only',
      severity: 'error',
      from: { path: '^packages/cli/src/', pathNot: tests },
      to: { dependencyTypes: packages, pathNot: '/commander/|^packages/keyturn/dist/|^@keyturn/server$' },
    },
    {
      name: 'server-published-names',
      comment: 'the hub imports keyturn and its subpaths as a user does, and nothing else of this repository',
      severity: 'error',
      from: { path: '^packages/server/src/', pathNot: tests },
      to: { path: '^(packages/(?!server/)|examples/)', pathNot: '^packages/keyturn/dist/' },
    },
    {
      name: 'cli-server',
      comment: '@keyturn/server is loaded dynamically: without it every other command works',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '(^@keyturn/server$|(^|/)packages/server/)', dynamic: false },
    },
    {
      name: 'cli-server-one-door',
      comment: '@keyturn/server is loaded in one file',
      severity: 'error',
      from: { path: '^packages/cli/src/', pathNot: `${tests}|/server-package[.]ts$` },
      to: { path: '(^@keyturn/server$|(^|/)packages/server/)' },
    },
    {
      name: 'examples-published-names',
      comment: 'examples import published names, as a user does',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^packages/', pathNot: '^packages/[^/]+/dist/' },
    },
    {
      name: 'no-tests',
      comment: 'what is published imports no test',
      severity: 'error',
      from: { path: '^(packages|examples)/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'no-cycles',
      comment: 'modules that need each other are one module',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'the name is not exported, not installed or mistyped',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@keyturn/server$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist-test/', '[.]demo/'] },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
}
