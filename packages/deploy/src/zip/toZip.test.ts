import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { toZip } from './toZip.ts'

const bytes = Buffer.from('export const handler = async () => {}\n')
const zip = toZip([{ name: 'index.mjs', bytes }])

describe('the zip', () => {
  it('is the same for the same files, whenever it is made', () => {
    expect(toZip([{ name: 'index.mjs', bytes: Buffer.from(bytes) }])).toEqual(zip)
    expect(toZip([{ name: 'index.mjs', bytes: Buffer.from('other') }])).not.toEqual(zip)
  })

  it('holds each file as it is, after its name and checksum', () => {
    expect(zip.readUInt32LE(0)).toBe(0x04034b50)
    expect(zip.readUInt32LE(14)).toBe(crc32(bytes))
    expect(zip.subarray(30, 39).toString()).toBe('index.mjs')
    expect(zip.subarray(39, 39 + bytes.length)).toEqual(bytes)
  })

  it('ends in a directory that leads to each file, readable by everybody', () => {
    const two = toZip([
      { name: 'a.mjs', bytes },
      { name: 'b.mjs', bytes },
    ])
    const end = two.length - 22
    expect(two.readUInt32LE(end)).toBe(0x06054b50)
    expect(two.readUInt16LE(end + 10)).toBe(2)
    let at = two.readUInt32LE(end + 16)
    for (const name of ['a.mjs', 'b.mjs']) {
      expect(two.readUInt32LE(at)).toBe(0x02014b50)
      expect(two.subarray(at + 46, at + 51).toString()).toBe(name)
      expect((two.readUInt32LE(at + 38) >>> 16).toString(8)).toBe('100644')
      const file = two.readUInt32LE(at + 42)
      expect(two.subarray(file + 30, file + 35).toString()).toBe(name)
      at += 46 + name.length
    }
    expect(at).toBe(end)
  })
})
