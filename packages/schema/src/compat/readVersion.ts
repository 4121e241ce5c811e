import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'

/** What one version of the contract says, as far as versions are compared. */
export interface Version {
  /** `1.0`, or the name of the folder that holds a draft. */
  name: string
  producer: JsonSchema
  reader: JsonSchema
  /** What readers of the stream and of view records get, but for the batch within. */
  record: JsonSchema
  view: JsonSchema
  orderRules: { name: string; says: string }[]
}

/** The batch in a record is compared as a batch. */
const withoutBatch = ({ $defs: _, ...record }: JsonSchema): JsonSchema => ({
  ...record,
  properties: { ...record.properties, batch: {} },
})

/** Makes a version of its documents, by their paths within its folder. */
export const toVersion = (name: string, read: (path: string) => string): Version => ({
  name,
  producer: JSON.parse(read('producer/batch.json')),
  reader: JSON.parse(read('reader/batch.json')),
  record: withoutBatch(JSON.parse(read('reader/record.json'))),
  view: JSON.parse(read('reader/view.json')),
  orderRules: JSON.parse(read('order-rules.json')),
})

/** Reads a published version from its folder. */
export const readVersion = (folder: string): Version =>
  toVersion(basename(folder), (path) => readFileSync(join(folder, path), 'utf8'))
