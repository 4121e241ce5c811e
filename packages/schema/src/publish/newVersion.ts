import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Change, compareVersions } from '../compat/compareVersions.ts'
import { readVersion } from '../compat/readVersion.ts'
import { toText } from '../documents/versionDocuments.ts'
import { type ContractFolder, nextMinor, readIfThere } from './contractFolder.ts'
import { generate } from './generate.ts'

/** What a new version came out as, or why there is none. */
export type NewVersion =
  | { ok: true; version: string; changes: Change[]; written: string[] }
  | { ok: false; reason: string; changes: Change[] }

const entry = (version: string, sentence: string, changes: Change[]) =>
  [
    `## ${version}\n`,
    `${sentence}\n`,
    ...changes.map(({ kind, path, what }) => `- ${kind}: \`${path || 'batch'}\` ${what}`),
  ].join('\n')

const addToChangelog = (path: string, text: string) => {
  const before = readIfThere(path) ?? '# Changes of the contract\n'
  const at = before.search(/^## /m)
  const [head, rest] = at < 0 ? [before, ''] : [before.slice(0, at), before.slice(at)]
  writeFileSync(path, `${head.trimEnd()}\n\n${text}\n${rest && `\n${rest}`}`)
}

const addVectors = (folder: ContractFolder, before: string, version: string) => {
  mkdirSync(join(folder.vectors(version), 'valid'), { recursive: true })
  const minimal = JSON.parse(readFileSync(join(folder.vectors(before), 'valid/minimal.json'), 'utf8'))
  const files = {
    'valid/minimal.json': { ...minimal, spec: version },
    'invalid.json': [],
    'order.json': [],
    'upcast.json': [],
  }
  for (const [path, content] of Object.entries(files))
    writeFileSync(join(folder.vectors(version), path), toText(content))
  return Object.keys(files).map((path) => `vectors/${version}/${path}`)
}

/**
 * Makes what the source has become the next minor version: its documents, the number in `src/limits.ts`, an entry in the
 * changelog with a sentence for people, and files for its vectors. A change that breaks somebody is refused.
 */
export const newVersion = (folder: ContractFolder, sentence: string): NewVersion => {
  generate(folder)
  const before = folder.versions().at(-1)
  if (!before || !folder.hasNext())
    return { ok: false, reason: 'nothing has changed: there is no schemas/next', changes: [] }
  const { verdict, changes } = compareVersions(
    readVersion(folder.version(before)),
    readVersion(folder.version('next')),
  )
  if (verdict === 'breaking')
    return { ok: false, reason: 'a change that breaks somebody needs a new major', changes }
  const version = nextMinor(before)
  const limits = readFileSync(folder.limits, 'utf8')
  writeFileSync(folder.limits, limits.replace(`WIRE_VERSION = '${before}'`, `WIRE_VERSION = '${version}'`))
  const { changed } = generate(folder, { publishAs: version })
  addToChangelog(folder.changelog, entry(version, sentence, changes))
  const vectors = addVectors(folder, before, version)
  return {
    ok: true,
    version,
    changes,
    written: [
      'src/limits.ts',
      'CHANGELOG.md',
      ...changed.filter((path) => !path.startsWith('schemas/next')),
      ...vectors,
    ],
  }
}
