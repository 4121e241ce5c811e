import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCmcd } from '../src/cmcd/parseCmcd.ts'
import { parseBatch } from '../src/parseBatch.ts'
import recording from '../vectors/cmcd/hls.js-1.7.4-batched.json' with { type: 'json' }
import { invalidVectors, mutatedBatch, validVectors } from './mutations.ts'

const SEED = 20_261_122

/** Small and quick, the same at each run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
const createRandom = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g
const PIECES =
  '"" "x" "\\ud800" "\\u0000" "__proto__" "constructor" "ext" "type" "pause" "1.0" "2.0" "\u{1f600}" -1 0 0.5 -0 1e999 9007199254740993 null true [] {} [[]] {"__proto__":{"polluted":1}} {"com.example.a":{"b":[[[[]]]]}}'.split(
    ' ',
  )
const SYNTAX = '" \\ { } [ ] : , 0 - . e'.split(' ')

/** A text and where its names and values are. */
const openText = (text: string) => ({
  text,
  tokens: [...text.matchAll(TOKEN)].map(({ index, 0: token }) => [index, index + token.length] as const),
})

type Random = (below: number) => number
const splice = (text: string, from: number, to: number, piece: string) =>
  text.slice(0, from) + piece + text.slice(to)

/** Puts another token in the place of one, and now and then breaks the syntax: a byte in, out, doubled. */
const mutateText = ({ text, tokens }: ReturnType<typeof openText>, random: Random): string => {
  const [from, to] = tokens[random(tokens.length)]!
  let mutated = splice(text, from, to, PIECES[random(PIECES.length)]!)
  if (random(4) === 0) {
    const at = random(mutated.length)
    const end = at + random(random(2) ? 4 : 200)
    const piece = [
      SYNTAX[random(SYNTAX.length)]!,
      '',
      mutated.slice(at, end).repeat(2),
      String.fromCharCode(random(128)),
    ]
    mutated = splice(mutated, at, end, piece[random(4)]!)
  }
  return mutated
}

const pollution = () =>
  Object.keys(Object.prototype).length + Object.getOwnPropertyNames(Object.prototype).length
const clean = pollution()

const expectAnswer = (input: unknown) => {
  const parsed = parseBatch(input)
  if (!parsed.ok) expect(parsed.rejection.code).toBeTypeOf('string')
  else if (JSON.stringify(parsed.batch).includes('__proto__')) {
    // As a value it may stay; as a key it may not.
    expect(JSON.stringify(parsed.batch)).not.toContain('"__proto__":')
  }
}

describe('parseBatch', () => {
  it('answers for 90,000 batches with bytes changed, and leaves prototypes alone', () => {
    const random = createRandom(SEED)
    const texts = [...validVectors, ...invalidVectors].map(({ batch }) => openText(JSON.stringify(batch)))
    const counts = { json: 0, good: 0 }
    while (counts.json < 90_000) {
      let input: unknown
      try {
        input = JSON.parse(mutateText(texts[random(texts.length)]!, random))
      } catch {
        continue
      }
      counts.json++
      const parsed = parseBatch(input)
      if (parsed.ok && parsed.rejected.length === 0) counts.good++
    }
    expect(pollution()).toBe(clean)
    expect(counts.good).toBeGreaterThan(1000)
  }, 120_000)

  it('answers for 10,000 batches with fields changed, and lets no __proto__ through', () => {
    fc.assert(
      fc.property(mutatedBatch, (batch) => {
        expectAnswer(batch)
        return pollution() === clean
      }),
      { numRuns: 10_000 },
    )
  }, 120_000)

  it.each([
    ['a deep array', () => JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
    ['a long name', () => ({ ['x'.repeat(1_000_000)]: 1 })],
    ['many names', () => Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`n${n}`, n]))],
    ['a long text against each pattern', () => `${'a'.repeat(100_000)}!`],
  ])('answers for %s in every place of a batch', (_, make) => {
    const { batch } = validVectors[0]!
    const value = make()
    for (const key of Object.keys(batch)) expectAnswer({ ...batch, [key]: value })
    const [event] = batch.events as Record<string, unknown>[]
    for (const key of Object.keys(event!)) expectAnswer({ ...batch, events: [{ ...event, [key]: value }] })
    expectAnswer({ ...batch, events: [{ ...event, ext: { 'com.example.a': value } }] })
  })
})

describe('parseCmcd', () => {
  it('answers for 10,000 bodies with bytes changed', () => {
    const random = createRandom(SEED)
    const bodies = recording.requests.map(({ body }) => openText(body))
    for (let run = 0; run < 10_000; run++) parseCmcd(mutateText(bodies[random(bodies.length)]!, random))
    expect(pollution()).toBe(clean)
  }, 120_000)
})
