import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { contractFolder, filesBelow } from '../src/publish/contractFolder.ts'

/** The contract of this package. */
export const contract = contractFolder(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))

/** The published versions. */
export const versions = contract.versions()

/** A vector that must be refused, and why. */
export interface InvalidVector {
  name: string
  rejection: { code: string; path: string }
  /** False where a plain JSON Schema validator cannot see it. */
  json_schema?: false
  batch: unknown
}

/** Every valid batch that was ever published, by version and name. */
export const validVectors = contract.versions().flatMap((version) => {
  const folder = join(contract.vectors(version), 'valid')
  return filesBelow(folder).map((name) => ({
    version,
    name,
    batch: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>,
  }))
})

/** A list of vectors of a version: `invalid`, `order`, `upcast`. */
export const readVectors = <T>(version: string, name: string): T[] =>
  JSON.parse(readFileSync(join(contract.vectors(version), `${name}.json`), 'utf8'))

/** Every batch that was ever published as refused. */
export const invalidVectors = contract
  .versions()
  .flatMap((version) =>
    readVectors<InvalidVector>(version, 'invalid').map((vector) => ({ version, ...vector })),
  )

type Container = Record<string, unknown> | unknown[]

const placesOf = (value: unknown): [container: Container, key: string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, child]) => [
        [value as Container, key] as [Container, string],
        ...placesOf(child),
      ])
    : []

/** Values at and just beyond the bounds that schemas have, and any JSON. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      -1,
      -0,
      0,
      1,
      0.5,
      2,
      3.0,
      4,
      2 ** 53,
      2 ** 53 - 1,
      -(2 ** 53),
      1e300,
      null,
      true,
      '',
      'x',
      '0',
      '1.0',
      '1.1',
      '1.2',
      '1.7',
    ],
    ...[
      'x'.repeat(32),
      'x'.repeat(33),
      'x'.repeat(64),
      'x'.repeat(65),
      '😀'.repeat(64),
      '😀'.repeat(65),
      'x'.repeat(513),
    ],
    ...[
      'cdn.example?x',
      'a b',
      '#',
      '\ud800',
      '\u0000',
      '__proto__',
      'constructor',
      'playing',
      'user',
      'pause',
      'heartbeat',
    ],
    ...[[], {}, [[]], [1, 2], { a: 1 }, JSON.parse('{"__proto__":{"polluted":true}}'), [[[[[[[[[]]]]]]]]]],
  ),
  fc.jsonValue({ maxDepth: 4 }),
)

const change = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'add', 'copy'),
  key: fc.oneof(
    fc.constantFrom('__proto__', 'type', 'ext', 'totals', 'x', 'com.example.a', 'constructor'),
    fc.string(),
  ),
  value: oddValue,
})

/** Batches of the valid vectors with a few things in them replaced, removed, added or copied elsewhere. */
export const mutatedBatch = fc
  .record({ from: fc.nat(), changes: fc.array(change, { minLength: 1, maxLength: 4 }) })
  .map(({ from, changes }) => {
    const batch = structuredClone(validVectors[from % validVectors.length]!.batch)
    for (const { at, how, key, value } of changes) {
      const places = placesOf(batch)
      const [container, name] = places[at % places.length]! as [Record<string, unknown>, string]
      if (how === 'replace') container[name] = structuredClone(value)
      else if (how === 'remove') delete container[name]
      else if (how === 'copy') container[name] = structuredClone(places[(at * 7) % places.length]![0])
      else
        Object.defineProperty(container, key, {
          value: structuredClone(value),
          enumerable: true,
          configurable: true,
          writable: true,
        })
    }
    // Through text, as it comes from the network: holes, undefined and -0 do not.
    return JSON.parse(JSON.stringify(batch)) as unknown
  })
