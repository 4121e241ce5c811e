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
  // Of the ingest only its quarantine, where what a sink refuses goes too, and how its command line speaks.
  sinks: { schema: 'all', qoe: 'all', 'ingest-lambda/quarantine': 'all', 'ingest-lambda/cli': 'all' },
  local: { schema: 'all', qoe: 'all', 'ingest-lambda': 'all', sinks: 'all', 'player-sdk': 'all' },
  deploy: { 'ingest-lambda': 'all', schema: 'all', sinks: 'all' },
  dashboard: { 'player-sdk': 'all', qoe: 'all', schema: 'type' },
}

const sourcesOf = (name: string) =>
  readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
    .map((path) => ({ path, text: readFileSync(join(root, 'packages', name, 'src', path), 'utf8') }))

/** `import … from`, `export … from`, `import '…'` and `import('…')`. */
const importsOf = (text: string) =>
  [
    ...text.matchAll(/(?:^(?:import|export)\s+(type\s)?[^'";]*?from\s+|^import\s+|\bimport\()'([^']+)'/gms),
  ].map(([, type, from]) => ({ isType: type !== undefined, from: from! }))

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
          const allowed =
            ALLOWED[name]![from.slice('@viewbeat/'.length)] ?? ALLOWED[name]![from.split('/')[1]!]
          return !allowed || (allowed === 'type' && !isType)
        })
        .map(({ from }) => `${path} imports ${from}`),
    )
    expect(wrong).toEqual([])
  })

  it('player-sdk imports nothing at run time but its own files; its React entry, React', () => {
    const foreign = sourcesOf('player-sdk').flatMap(({ path, text }) =>
      importsOf(text).filter(
        ({ from, isType }) =>
          !isType && !from.startsWith('.') && !(path.startsWith('react/') && from === 'react'),
      ),
    )
    expect(foreign).toEqual([])
  })
})

/** Folders of a package that hold what its other folders share. */
const SHARED = new Set([
  'ingest-lambda/aws',
  'sinks/consume',
  'local/terminal',
  'schema/events',
  'schema/jsonSchema',
  'schema/order',
])

/** Folders that join the stages of their package. */
const JOINING = new Set([
  'schema/publish',
  'schema/cli',
  'ingest-lambda/cli',
  'sinks/replay',
  'sinks/timeline',
  'local/load',
  'local/simulate',
  'deploy/cli',
])

describe('the stages of a package', () => {
  it.each(Object.keys(ALLOWED))('of %s do not import one another, but for types', (name) => {
    const wrong = sourcesOf(name).flatMap(({ path, text }) => {
      const [stage, ...inside] = path.split('/')
      if (inside.length === 0 || JOINING.has(`${name}/${stage}`)) return []
      return importsOf(text)
        .filter(({ from, isType }) => !isType && from.startsWith('../'))
        .map(({ from }) => from.slice(3).split('/'))
        .filter(([other, ...rest]) => rest.length > 0 && other !== stage && !SHARED.has(`${name}/${other}`))
        .map((other) => `${path} imports ${other.join('/')}`)
    })
    expect(wrong).toEqual([])
  })
})

describe('the lockfile', () => {
  it('names no registry host', () => {
    expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toMatch(/https?:\/\//)
  })
})
