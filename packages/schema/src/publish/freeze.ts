import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256, toText } from '../documents/versionDocuments.ts'
import { type ContractFolder, filesBelow, readIfThere } from './contractFolder.ts'

/** SHA-256 of every published file, by its path in the package. */
type Lock = Record<string, string>

/** What stands against calling the contract unchanged. */
export interface FrozenCheck {
  /** Published files that are not what they were, or are gone. */
  changed: { path: string; how: 'edited' | 'deleted' }[]
  /** Files of published versions that nobody has frozen yet: allowed, and named. */
  unfrozen: string[]
  frozen: number
}

const publishedFiles = ({ root, versions }: ContractFolder): string[] =>
  ['vectors/cmcd', ...versions().flatMap((version) => [`schemas/${version}`, `vectors/${version}`])].flatMap(
    (folder) => filesBelow(join(root, folder)).map((path) => `${folder}/${path}`),
  )

const readLock = ({ lock }: ContractFolder): Lock => JSON.parse(readIfThere(lock) ?? '{}')

/** Whether a version is frozen: its documents may never change again. */
export const isFrozen = (folder: ContractFolder, version: string): boolean =>
  `schemas/${version}/index.json` in readLock(folder)

/** Compares every published file with the hash it was frozen with. */
export const checkFrozen = (folder: ContractFolder): FrozenCheck => {
  const lock = readLock(folder)
  const changed: FrozenCheck['changed'] = []
  if (!readIfThere(folder.lock)) changed.push({ path: 'frozen.json', how: 'deleted' })
  for (const [path, hash] of Object.entries(lock)) {
    const text = readIfThere(join(folder.root, path))
    if (text === undefined) changed.push({ path, how: 'deleted' })
    else if (sha256(text) !== hash) changed.push({ path, how: 'edited' })
  }
  const unfrozen = publishedFiles(folder).filter((path) => !(path in lock))
  return { changed, unfrozen, frozen: Object.keys(lock).length }
}

/** Adds the files that are not frozen yet to the lock. What is in it already stays as it is. Answers the added paths. */
export const freeze = (folder: ContractFolder): string[] => {
  const lock = readLock(folder)
  const added = publishedFiles(folder).filter((path) => !(path in lock))
  for (const path of added) lock[path] = sha256(readIfThere(join(folder.root, path))!)
  writeFileSync(folder.lock, toText(Object.fromEntries(Object.entries(lock).sort())))
  return added
}
