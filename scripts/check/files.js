/** Rules for source files that no tool has: length, names, first line, reasons for suppressions. */
// @ts-check
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './run.js'

const longest = 250
const comfortable = 150

/** A table is read entry by entry, however long. */
const tables = new Set(['packages/keyturn/src/errors.ts'])

const skipped = new Set(['node_modules', 'dist', 'dist-test', 'coverage', '.git', '.demo', '.keyturn'])
const badNames = /^(utils?|helpers?|types?|managers?|common|misc)$|-(utils?|helpers?|manager)$/

/**
 * @param {string} folder relative to the root
 * @returns {string[]} source files below it, relative to the root
 */
function sourcesUnder(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourcesUnder(file)
    return /\.(ts|js|cjs|mjs)$/.test(entry.name) ? [file] : []
  })
}

/** @param {string} file */
const text = file => readFileSync(path.join(root, file), 'utf8')

/** @param {string} file */
const length = file => text(file).split('\n').length - 1

/** @returns {string[]} problems */
export function fileLengths() {
  return sourcesUnder('.')
    .filter(file => !tables.has(file) && length(file) > longest)
    .map(file => `${file} has ${length(file)} lines: at most ${longest}`)
}

/** @returns {string[]} files that could be split */
export function longFiles() {
  return sourcesUnder('.')
    .filter(file => !tables.has(file) && length(file) > comfortable && length(file) <= longest)
    .map(file => `${file} has ${length(file)} lines`)
}

/** @returns {string[]} problems */
export function fileNames() {
  return sourcesUnder('.').flatMap(file => {
    const name = path.basename(file).replace(/(\.test)?\.[cm]?[jt]s$/, '')
    const folder = path.basename(path.dirname(file))
    if (badNames.test(name)) return [`${file}: name it for what it exports`]
    if (badNames.test(folder)) return [`${file}: name its folder for what it holds`]
    if (/[A-Z_ ]/.test(name)) return [`${file}: names are kebab-case`]
    return []
  })
}

/** @returns {string[]} problems */
export function firstLines() {
  return sourcesUnder('.')
    .filter(file => !file.endsWith('.test.ts') && !/^(#!.*\n(\/\/|\/\*\*)\s|\/\*\*\s|\/\/ )/.test(text(file)))
    .map(file => `${file} does not begin with a comment that says what it is`)
}

/** @returns {string[]} problems */
export function suppressions() {
  return sourcesUnder('.').flatMap(file =>
    text(file)
      .split('\n')
      .flatMap((line, index) =>
        /eslint-disable(?!.* -- )|prettier-ignore(?!.* -- )|@ts-(ignore|nocheck)/.test(line) &&
        !file.startsWith('scripts/check/')
          ? [`${file}:${index + 1}: a suppression needs its reason after --`]
          : [],
      ),
  )
}
