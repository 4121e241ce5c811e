import { describe, expect, it } from 'vitest'
import { findOversize } from './findOversize.ts'

const call = (records: number, bytes: number) => ({
  Records: Array(records).fill({ PartitionKey: 'key', Data: Buffer.alloc(bytes).toString('base64') }),
})

describe('findOversize', () => {
  it('finds nothing wrong with what the service takes', () => {
    expect(findOversize(call(500, 100))).toBeUndefined()
    expect(findOversize(call(10, 1024 * 1024 - 3))).toBeUndefined()
  })

  it('finds more than 500 records', () => {
    expect(findOversize(call(501, 1))).toMatchObject({ code: 'ValidationException' })
  })

  it('finds more than 10 MiB, partition keys counted', () => {
    expect(findOversize(call(10, 1024 * 1024 - 2))).toMatchObject({ code: 'InvalidArgumentException' })
  })
})
