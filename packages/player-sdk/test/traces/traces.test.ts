// @vitest-environment happy-dom
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { checkOrder } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { differences } from './differences.ts'
import { fakeDash } from './engines/dash.ts'
import { fakeHls } from './engines/hls.ts'
import { fakeShaka } from './engines/shaka.ts'
import { fakeVideojs } from './engines/videojs.ts'
import { type CreateEngine, noEngine } from './fakeEngine.ts'
import { replay } from './replay.ts'
import { readTraceFile, type Trace, traces } from './trace.ts'
import { viewsOf } from './viewsOf.ts'

const TOLERANCE_MS = 60
/** Characters. */
const MAX_LENGTH = 60_000
/** How late a busy page's timers are at most, ms. */
const JITTER_MS = 120

const engines: [string, CreateEngine][] = [
  ['no engine', noEngine],
  ['hls.js', fakeHls],
  ['dash.js', fakeDash],
  ['Shaka Player', fakeShaka],
  ['video.js', fakeVideojs],
]

/** What each makes of a trace with exact timers, once for all that ask. */
const replayed = new Map<string, ReturnType<typeof replay>>()
const replayExactly = (name: string, trace: Trace, engine: string, createEngine: CreateEngine) => {
  const key = `${name} ${engine}`
  const known = replayed.get(key) ?? replay(trace, createEngine)
  replayed.set(key, known)
  return known
}

const late = (n: number) => (n * 7919) % (JITTER_MS + 1)

describe('golden traces', () => {
  it('are written as their schema says', () => {
    // The schema package has the validator.
    const require = createRequire(join(import.meta.dirname, '../../../schema/package.json'))
    const { Ajv2020 } = require('ajv/dist/2020.js')
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
      readTraceFile('trace.schema.json'),
    )
    for (const [name, trace] of traces)
      expect([name, validate(trace), validate.errors]).toEqual([name, true, null])
  })

  it('are short enough to be read by people', () => {
    for (const [name, trace] of traces)
      expect([name, JSON.stringify(trace).length < MAX_LENGTH]).toEqual([name, true])
  })

  it('are there for all that engines report differently', () => {
    const names = traces.map(([name]) => name)
    const asked = [
      'start-wait',
      'seek-stall',
      'stall',
      'stall-without-event',
      'stall-paused',
      'stall-at-end',
      'blip',
      'recorded-hls-stall',
      'recorded-dash-freeze',
      'recorded-shaka-seek',
    ]
    expect(names).toEqual(expect.arrayContaining(asked))
  })

  it.each(traces.filter(([, { needs }]) => !needs?.includes('engine')))(
    '%s: stalls are the same to the millisecond whatever plays',
    async (name, trace) => {
      const stallsOf = async ([engine, createEngine]: [string, CreateEngine]) =>
        viewsOf(await replayExactly(name, trace, engine, createEngine)).map(({ rebuffers }) => rebuffers)
      const [bare, ...others] = engines
      const expected = await stallsOf(bare!)
      for (const engine of others) expect([engine[0], await stallsOf(engine)]).toEqual([engine[0], expected])
    },
  )

  describe.each(traces)('%s', (name, trace) => {
    const tolerance = trace.tolerance_ms ?? TOLERANCE_MS
    const able = engines.filter(([name]) => !(trace.needs?.includes('engine') && name === 'no engine'))
    describe.each(able)('%s', (engine, createEngine) => {
      it.each([
        ['as it is', undefined, 0],
        ['with late timers', late, JITTER_MS],
      ])(`${trace.says} (%s)`, async (_, lateness, more) => {
        const views = viewsOf(
          await (lateness
            ? replay(trace, createEngine, lateness)
            : replayExactly(name, trace, engine, createEngine)),
        )
        expect(views).toHaveLength(trace.views.length)
        for (const [index, expected] of trace.views.entries()) {
          const wrong = differences(expected, views[index]!, tolerance + more)
          // Whole lines: what `toEqual` shows of them is cut.
          if (wrong.length > 0) expect.fail(wrong.join('\n'))
          expect(checkOrder(views[index]!.events)).toEqual([])
        }
      })
    })
  })
})
