/** Lint rules, chosen one by one: each finds a mistake that neither the compiler nor prettier finds. */
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.{ts,tsx}', '**/test/**']

/** Each page is a program of its own: both tell React's libraries what their routes and texts are. */
const programs = [
  'tsconfig.test.json',
  'packages/console/tsconfig.json',
  'examples/immonow/web/tsconfig.json',
]

/** Mistakes with promises: lost, misused, awaited for nothing. */
const promises = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  'no-async-promise-executor': 'error',
  'no-unsafe-finally': 'error',
}

/** Holes in the types. */
const types = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/no-deprecated': 'error',
}

/** Text made of something that is no text: an object prints as [object Object]. */
const text = {
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/restrict-plus-operands': 'error',
  'no-template-curly-in-string': 'error',
}

/** Code that does not do what it looks like. */
const traps = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-constant-binary-expression': 'error',
  'no-self-compare': 'error',
  'no-cond-assign': 'error',
  'no-dupe-else-if': 'error',
  'no-unreachable-loop': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-loss-of-precision': 'error',
  'no-sparse-arrays': 'error',
  'no-useless-escape': 'error',
  'no-empty': 'error',
  'no-debugger': 'error',
  'no-eval': 'error',
  'no-new-func': 'error',
}

/** The same, found with types. */
const typedTraps = {
  '@typescript-eslint/no-implied-eval': 'error',
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/require-array-sort-compare': 'error',
  '@typescript-eslint/no-unused-expressions': 'error',
}

const mathRandom = {
  object: 'Math',
  property: 'random',
  message: 'Secrets, nonces and ids come from node:crypto.',
}

export default defineConfig(
  globalIgnores(['**/dist/', '**/dist-test/', '.demo/', 'coverage/', 'test-results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.{ts,tsx,js,cjs}'], rules: traps },
  {
    files: ['**/*.{ts,tsx}', 'scripts/**/*.js'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: programs, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: { ...promises, ...typedTraps },
  },
  { files: ['**/*.{ts,tsx}'], rules: { ...types, ...text } },
  {
    files: ['packages/*/src/**', 'examples/**/src/**'],
    ignores: tests,
    rules: { 'no-console': 'error' },
  },
  {
    files: ['packages/keyturn/src/**'],
    ignores: tests,
    rules: {
      'no-restricted-properties': ['error', mathRandom],
      // The library lives in other people's processes.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.object.name=process][callee.property.name=exit]',
          message: 'Throw an error.',
        },
      ],
    },
  },
  {
    // The same ring and the same time give the same result.
    files: ['packages/keyturn/src/ring/**'],
    ignores: tests,
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'performance',
        'crypto',
        'setTimeout',
        'setInterval',
        'fetch',
      ],
      'no-restricted-properties': [
        'error',
        mathRandom,
        { object: 'Date', property: 'now', message: 'Take the time as a parameter.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name=Date][arguments.length=0]',
          message: 'Take the time as a parameter.',
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      'no-restricted-properties': ['error', { property: 'only', message: 'The other tests would not run.' }],
      // Tests look at JSON and at errors of every shape.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
)
