import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ContractFolder, contractFolder } from '../publish/contractFolder.ts'
import { UsageError } from './output.ts'

/** Finds the folder of the package that this file is part of, built or not. */
const ownFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

/** Opens the contract in a folder, or the one that this package carries. */
export const findContract = (dir = ownFolder()): ContractFolder => {
  if (!existsSync(dir)) throw new UsageError(`${dir}: no such folder`)
  const contract = contractFolder(dir)
  if (contract.versions().length === 0) throw new UsageError(`${dir}: has no folder schemas with a version`)
  return contract
}

/** The folder of a version: `1.0`, `next`, or a path to a folder that has an index.json. */
export const findVersion = (contract: ContractFolder, name: string): string => {
  const folder = [contract.version(name), name].find((path) => existsSync(join(path, 'producer/batch.json')))
  if (folder) return folder
  const known = [...contract.versions(), ...(contract.hasNext() ? ['next'] : [])].join(', ')
  throw new UsageError(`${name}: neither a published version (${known || 'none'}) nor a folder of one`)
}
