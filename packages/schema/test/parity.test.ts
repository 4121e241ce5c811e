import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createValidator } from '../src/compat/createValidator.ts'
import { versionDocuments } from '../src/documents/versionDocuments.ts'
import { WIRE_VERSION } from '../src/limits.ts'
import { parseBatch } from '../src/parseBatch.ts'
import { tidy } from '../src/tidy.ts'
import { invalidVectors, mutatedBatch, validVectors } from './mutations.ts'

const documents = versionDocuments(WIRE_VERSION)
const document = JSON.parse(documents['reader/batch.json']!)
const reader = createValidator(document)
const plainReader = createValidator(document, { plain: true })

/** The verdict of the ingest, but for numbers that come twice, which a JSON Schema cannot see. */
const takes = (batch: unknown): boolean => {
  const parsed = parseBatch(structuredClone(batch))
  return parsed.ok && parsed.rejected.every(({ code }) => code === 'duplicate_seq')
}

describe('the published reader schema and the ingest agree', () => {
  it.each(validVectors)('on $version/valid/$name: taken', ({ batch }) => {
    expect([takes(batch), reader(batch)]).toEqual([true, true])
  })

  it.each(invalidVectors)('on $version: refuses $name', ({ batch, rejection, json_schema }) => {
    const seen = rejection.code !== 'duplicate_seq'
    expect([takes(batch), reader(batch)]).toEqual([!seen, !seen])
    expect(plainReader(batch)).toBe(json_schema === false)
  })

  it('on 5,000 batches with something wrong in them', () => {
    const verdicts = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(mutatedBatch, (batch) => {
        tidy(batch, 100)
        const taken = takes(batch)
        verdicts[taken ? 'taken' : 'refused']++
        return taken === reader(batch)
      }),
      { numRuns: 5_000 },
    )
    expect(verdicts.taken).toBeGreaterThan(300)
    expect(verdicts.refused).toBeGreaterThan(300)
  }, 60_000)
})
