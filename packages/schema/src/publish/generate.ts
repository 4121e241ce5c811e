import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eventsPage } from '../documents/eventsPage.ts'
import { lintMetadata } from '../documents/lintMetadata.ts'
import { lintSchema } from '../documents/lintSchema.ts'
import { lintSince } from '../documents/lintSince.ts'
import { openApi } from '../documents/openApi.ts'
import { publishedSchemas } from '../documents/publishedSchemas.ts'
import { searchTemplates } from '../documents/searchTemplates.ts'
import { type Documents, sha256, toText, versionDocuments } from '../documents/versionDocuments.ts'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import { WIRE_VERSION } from '../limits.ts'
import { type ContractFolder, compareNumbers, filesBelow, nextMinor, readIfThere } from './contractFolder.ts'
import { isFrozen } from './freeze.ts'

/** What generating has written, or would write. */
export interface Generated {
  /** `1.2`, or `next` where the source is ahead of the newest frozen version. */
  target: string
  /** The wire version that the documents say. */
  version: string
  /** Paths that were written, or removed, from the package's folder. */
  changed: string[]
}

/** The schemas say something that cannot be published. One sentence for each fault. */
export class UnpublishableError extends Error {
  override readonly name = 'UnpublishableError'
  constructor(faults: string[]) {
    super(faults.join('\n'))
  }
}

const lint = (folder: ContractFolder, version: string, documents: Documents) => {
  const ofSchemas = [...publishedSchemas].flatMap(([name, schema]) =>
    [...lintSchema(schema), ...lintMetadata(schema)].map((fault) => `${name} ${fault}`),
  )
  const before = folder
    .versions()
    .filter((name) => compareNumbers(name, version) < 0)
    .at(-1)
  const producerOf = (texts: Documents): JsonSchema => JSON.parse(texts['producer/batch.json']!)
  const published = before && readIfThere(join(folder.version(before), 'producer/batch.json'))
  const ofNew = published ? lintSince(JSON.parse(published), producerOf(documents), version) : []
  const faults = [...ofSchemas, ...ofNew]
  if (faults.length > 0) throw new UnpublishableError(faults)
}

const isSame = (folder: string, documents: Record<string, string>) =>
  filesBelow(folder).join() === Object.keys(documents).sort().join() &&
  Object.entries(documents).every(([path, text]) => readIfThere(join(folder, path)) === text)

/** Where the documents of the source belong: a frozen version is left alone, what comes after it is `next`. */
const chooseTarget = (folder: ContractFolder) => {
  if (!isFrozen(folder, WIRE_VERSION)) return { target: WIRE_VERSION, version: WIRE_VERSION }
  if (isSame(folder.version(WIRE_VERSION), versionDocuments(WIRE_VERSION)))
    return { target: WIRE_VERSION, version: WIRE_VERSION }
  return { target: 'next', version: nextMinor(WIRE_VERSION) }
}

/**
 * Writes everything that follows from the Zod schemas: the documents of their version, the list of versions, the
 * endpoint's description, the index templates and the page of events. With `check` nothing is written; `publishAs` makes the
 * draft a version. Throws `UnpublishableError`.
 */
export const generate = (
  folder: ContractFolder,
  { check = false, publishAs }: { check?: boolean; publishAs?: string } = {},
): Generated => {
  const { target, version } = publishAs ? { target: publishAs, version: publishAs } : chooseTarget(folder)
  const documents = versionDocuments(version)
  lint(folder, version, documents)
  const changed: string[] = []
  const write = (path: string, text: string | undefined) => {
    if (readIfThere(path) === text) return
    changed.push(path.slice(folder.root.length + 1))
    if (check) return
    mkdirSync(dirname(path), { recursive: true })
    if (text === undefined) rmSync(path)
    else writeFileSync(path, text)
  }

  for (const name of new Set([target, 'next'])) {
    const home = folder.version(name)
    const wanted = name === target ? documents : {}
    for (const path of filesBelow(home)) if (!(path in wanted)) write(join(home, path), undefined)
    for (const [path, text] of Object.entries(wanted)) write(join(home, path), text)
  }
  if (!check && target !== 'next') rmSync(folder.version('next'), { recursive: true, force: true })

  const versions = [...new Set([...folder.versions(), ...(target === 'next' ? [] : [target])])]
  const hashes = versions.map((name) => {
    const text =
      name === target ? documents['index.json'] : readIfThere(join(folder.version(name), 'index.json'))
    return [name, { 'index.json': sha256(text ?? '') }]
  })
  const latest = versions.at(-1)!
  write(join(folder.schemas, 'index.json'), toText({ latest, versions: Object.fromEntries(hashes) }))
  write(join(folder.schemas, 'openapi.json'), toText(openApi(version, target)))
  for (const [name, template] of Object.entries(searchTemplates()))
    write(join(folder.schemas, 'opensearch', `${name}.json`), toText(template))
  write(folder.eventsPage, eventsPage(version))
  return { target, version, changed }
}
