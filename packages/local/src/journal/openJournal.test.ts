import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { journaledPut } from './journaledPut.ts'
import { readLines, toLine } from './lines.ts'
import { openJournal } from './openJournal.ts'

let folder: string
let logged: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-journal-'))
  logged = []
})

const record = (text: string) => ({ partitionKey: `view ${text}`, data: new Uint8Array(Buffer.from(text)) })

const open = (maxBytes = 10_000_000, consumers = ['archive', 'store']) =>
  openJournal({ folder, consumers, maxBytes, log: (message) => void logged.push(message) })

/** What a start after kill -9 finds: nothing was closed. */
const textsLeft = async () => {
  const { unsettled, close } = await open()
  await close()
  return unsettled().map(({ data }) => Buffer.from(data).toString())
}

const bytesOnDisk = async () => {
  const names = await readdir(folder)
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name))))
  return contents.reduce((sum, { length }) => sum + length, 0)
}

describe('the journal', () => {
  it('has after a kill what was appended, in order, with its keys', async () => {
    const journal = await open()
    await journal.append([record('1'), record('2')])
    await journal.append([record('3')])
    const next = await open()
    const left = next.unsettled()
    expect(left.map(({ partitionKey }) => partitionKey)).toEqual(['view 1', 'view 2', 'view 3'])
    expect(left.map(({ data }) => Buffer.from(data).toString())).toEqual(['1', '2', '3'])
  })

  it('keeps all appends that come at the same time, in their order', async () => {
    const journal = await open()
    const texts = Array.from({ length: 200 }, (_, n) => String(n))
    await Promise.all(texts.map((text) => journal.append([record(text)])))
    expect(await textsLeft()).toEqual(texts)
  })

  it('lets a record go once every consumer is done with it, and not before', async () => {
    const journal = await open()
    await journal.append([record('1'), record('2')])
    journal.settle('store', [record('1').data, record('2').data])
    journal.settle('archive', [record('1').data])
    await journal.close()
    expect(await textsLeft()).toContain('2')

    const again = await open()
    again.settle('store', [record('1').data, record('2').data])
    again.settle('archive', [record('1').data])
    expect(again.unsettled()).toHaveLength(1)
    again.settle('archive', [record('1').data, record('2').data])
    await again.close()
    expect(again.size()).toBe(0)
    expect(await bytesOnDisk()).toBe(0)
    expect(await textsLeft()).toEqual([])
  })

  it('takes nothing of what it still needs when a file with it is done', async () => {
    const journal = await open()
    const large = (text: string) => record(text.repeat(700_000))
    await journal.append([large('a')])
    await journal.append([large('b')])
    await journal.append([large('c')])
    for (const consumer of ['store', 'archive']) journal.settle(consumer, [large('b').data])
    await journal.close()
    expect((await textsLeft()).map((text) => text[0])).toEqual(['a', 'c'])
  })

  it('keeps a copy of a record that came again until it too is done', async () => {
    const journal = await open(undefined, ['store'])
    await journal.append([record('1')])
    journal.settle('store', [record('1').data])
    await journal.append([record('1')])
    await journal.close()
    expect(await textsLeft()).toEqual(['1'])
  })

  it('forgets records that were not acknowledged after all', async () => {
    const journal = await open()
    const entries = await journal.append([record('1'), record('2')])
    journal.forget(entries)
    await journal.close()
    expect(await textsLeft()).toEqual([])
  })

  it('does not mind consumers that are done with what it never had', async () => {
    const journal = await open()
    journal.settle('store', [record('other').data])
    await journal.append([record('1')])
    await journal.close()
    expect(await textsLeft()).toEqual(['1'])
  })

  it('refuses what would make it larger than it may be, and takes it again when there is room', async () => {
    const journal = await open(200, ['store'])
    await journal.append([record('x'.repeat(60))])
    await expect(journal.append([record('y'.repeat(60))])).rejects.toThrow('full')
    journal.settle('store', [record('x'.repeat(60)).data])
    await expect.poll(() => journal.size()).toBe(0)
    await journal.append([record('y'.repeat(60))])
    await journal.close()
    expect((await textsLeft()).map((text) => text[0])).toEqual(['y'])
  })

  it('rejects when the disk does not take it, and goes on when it does', async () => {
    const journal = await open()
    await rm(folder, { recursive: true })
    await expect(journal.append([record('1')])).rejects.toThrow('ENOENT')
    expect(journal.size()).toBe(0)
    await mkdir(folder)
    await journal.append([record('2')])
    expect(await textsLeft()).toEqual(['2'])
  })

  it('counts what an earlier run left towards its size', async () => {
    const before = await open()
    await before.append([record('x'.repeat(60))])
    await expect((await open(150)).append([record('y'.repeat(60))])).rejects.toThrow('full')
  })
})

describe('a file of the journal that was torn', () => {
  const names = async () => (await readdir(folder)).toSorted()

  it('has all lines before, wherever it was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.uint8Array()), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        (given, at) => {
          const lines = given.map(([partitionKey, data]) => toLine({ partitionKey, data }))
          const whole = Buffer.from(lines.join(''))
          const cut = whole.subarray(0, at % whole.length)
          const read = readLines(cut)
          let end = 0
          const expected = lines.filter((line) => {
            end += Buffer.byteLength(line)
            return end <= cut.length
          })
          expect(read.map(toLine)).toEqual(expected)
        },
      ),
    )
  })

  it('is written to no more', async () => {
    const journal = await open()
    await journal.append([record('1')])
    const [name] = await names()
    await appendFile(join(folder, name as string), '123 ["view 2","c')
    const next = await open()
    expect(next.unsettled()).toHaveLength(1)
    await next.append([record('3')])
    expect(await textsLeft()).toEqual(['1', '3'])
  })

  it('is read up to a line whose bytes have changed', async () => {
    const lines = ['1', '2', '3'].map((text) => toLine(record(text)))
    lines[1] = (lines[1] as string).replace('view', 'vieW')
    await writeFile(join(folder, '000000000001.journal'), lines.join(''))
    expect(await textsLeft()).toEqual(['1'])
  })

  it('that has no whole line goes', async () => {
    await writeFile(join(folder, '000000000001.journal'), '12')
    await (await open()).close()
    expect(await names()).toEqual([])
  })
})

describe('a put with a journal before it', () => {
  const left = (...texts: string[]) => ({ left: texts.map(record), retried: 0 })

  it('is not begun before the records are on the disk', async () => {
    const journal = await open()
    const seen: string[][] = []
    await journaledPut(journal, async () => {
      seen.push(await textsLeft())
      return left()
    })([record('1')], 0)
    expect(seen).toEqual([['1']])
  })

  it('that leaves some leaves them out of the journal too', async () => {
    const journal = await open()
    const records = ['1', '2', '3'].map(record)
    const result = await journaledPut(journal, async (given) => ({ left: given.slice(1, 2), retried: 1 }))(
      records,
      0,
    )
    expect(result.left).toEqual([record('2')])
    for (const consumer of ['archive', 'store']) journal.settle(consumer, [record('1').data])
    journal.settle('archive', [record('3').data])
    await journal.close()
    expect(await textsLeft()).toEqual(['1', '2', '3'])
    const again = await open()
    for (const consumer of ['archive', 'store'])
      again.settle(
        consumer,
        records.map(({ data }) => data),
      )
    await again.close()
    expect(await textsLeft()).toEqual([])
  })

  it('is not begun at all when the journal is full: all of it is left', async () => {
    const journal = await open(1)
    const result = await journaledPut(journal, async () => {
      throw new Error('put all the same')
    })([record('1')], 0)
    expect(result.left).toHaveLength(1)
    expect(String(result.cause)).toContain('full')
  })
})
