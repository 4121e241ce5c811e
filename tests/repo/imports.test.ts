import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../root.ts'

/** What the sources of each package may import of the others; `type` for types only. */
const ALLOWED: Record<string, Record<string, 'all' | 'type'>> = {
  schema: {},
  'player-sdk': { schema: 'type' },
  'ingest-lambda': { schema: 'all' },
  qoe: { schema: 'all' },
  sinks: { schema: 'all', qoe: 'all' },
  local: { schema: 'all', qoe: 'all', 'ingest-lambda': 'all', sinks: 'all' },
  dashboard: { 'player-sdk': 'all', qoe: 'all', schema: 'type' },
}

const sourcesOf = (name: string) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .map((path) => ({ path, text: readFileSync(join(root, 'packages', name, 'src', path), 'utf8') }))

const importsOf = (text: string) =>
  [...text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'/gms)].map(([, type, from]) => ({
    isType: type !== undefined,
    from: from!,
  }))

describe('the packages', () => {
  it('are those with a rule', () => {
    const names = readdirSync(join(root, 'packages'))
    expect(names.toSorted()).toEqual(Object.keys(ALLOWED).toSorted())
  })

  it.each(Object.keys(ALLOWED))('%s imports of the others only what it may', (name) => {
    const wrong = sourcesOf(name).flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ from }) => from.startsWith('@viewbeat/'))
        .filter(({ from, isType }) => {
          const allowed = ALLOWED[name]![from.split('/')[1]!]
          return !allowed || (allowed === 'type' && !isType)
        })
        .map(({ from }) => `${path} imports ${from}`),
    )
    expect(wrong).toEqual([])
  })

  it('player-sdk imports nothing at run time but its own files', () => {
    const foreign = sourcesOf('player-sdk').flatMap(({ text }) =>
      importsOf(text).filter(({ from, isType }) => !isType && !from.startsWith('.')),
    )
    expect(foreign).toEqual([])
  })
})

describe('the lockfile', () => {
  it('names no registry host', () => {
    expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toMatch(/https?:\/\//)
  })
})
