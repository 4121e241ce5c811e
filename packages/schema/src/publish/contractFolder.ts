import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the parts of the contract lie in a package's folder. */
export const contractFolder = (root: string) => {
  const schemas = join(root, 'schemas')
  return {
    root,
    schemas,
    /** Folder of a published version, or of `next`, the draft that the source has become. */
    version: (name: string) => join(schemas, name),
    vectors: (version: string) => join(root, 'vectors', version),
    lock: join(root, 'frozen.json'),
    changelog: join(root, 'CHANGELOG.md'),
    limits: join(root, 'src/limits.ts'),
    eventsPage: join(root, '../../docs/events.md'),
    /** The published versions, oldest first; `next` is none. */
    versions: () =>
      existsSync(schemas)
        ? readdirSync(schemas)
            .filter((name) => /^\d+\.\d+$/.test(name))
            .sort(compareNumbers)
        : [],
    hasNext: () => existsSync(join(schemas, 'next')),
  }
}

/** The parts of the contract in a package's folder. */
export type ContractFolder = ReturnType<typeof contractFolder>

/** Orders wire versions: `1.9` before `1.10`. */
export const compareNumbers = (a: string, b: string): number => {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}

/** The minor after a version: `1.2` after `1.1`. */
export const nextMinor = (version: string): string => {
  const [major, minor] = version.split('.').map(Number)
  return `${major}.${minor! + 1}`
}

/** Every file below a folder, by its path within it, `/` between folders. */
export const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .replaceAll('\\', '/'),
        )
        .sort()
    : []

/** A file's text, or nothing. */
export const readIfThere = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined
