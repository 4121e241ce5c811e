import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import everyType from '../../vectors/1.0/valid/every-type.json' with { type: 'json' }
import whatsNew from '../../vectors/1.1/valid/whats-new.json' with { type: 'json' }
import upcasts from '../../vectors/1.2/upcast.json' with { type: 'json' }
import minimal from '../../vectors/1.2/valid/minimal.json' with { type: 'json' }
import totals from '../../vectors/1.2/valid/whats-new.json' with { type: 'json' }
import recording from '../../vectors/cmcd/hls.js-1.7.4.json' with { type: 'json' }
import { main } from './main.ts'

/** Runs a command line with a text on stdin. */
const run = async (args: string[], stdin = '', { interactive = false } = {}) => {
  const out: string[] = []
  const err: string[] = []
  const status: string[] = []
  const code = await main(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    status: (line) => status.push(line),
    columns: 64,
    interactive,
    colors: false,
  })
  return { code, out, err, status, text: out.join('\n') }
}

const file = (name: string, text: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'viewbeat-cli-')), name)
  writeFileSync(path, text)
  return path
}

const withEvent = (event: object) =>
  JSON.stringify({ ...minimal, events: [{ ...minimal.events[0], ...event }] })
const cmcd = recording.requests.map(({ body }) => body.trim()).join('\n')
const vectors = fileURLToPath(new URL('../../vectors', import.meta.url))

describe('validate', () => {
  it('says that all is good, and nothing else', async () => {
    const { code, out } = await run(
      ['validate'],
      `${JSON.stringify(everyType)}\n\n${JSON.stringify(whatsNew)}\n`,
    )
    expect(code).toBe(0)
    expect(out).toEqual(['2 lines, 36 events: 36 good, 0 refused. all good'])
  })

  it('says of each bad line what is wrong, where, what came and what to do', async () => {
    const { code, out } = await run(
      ['validate'],
      [JSON.stringify(minimal), withEvent({ t_ms: '5' }), '{"half":', withEvent({ state: 'playin' })].join(
        '\n',
      ),
    )
    expect(code).toBe(1)
    expect(out).toEqual([
      'stdin:2: refused\n  invalid_type at /events/0/t_ms: Invalid input: expected number, received "5"\n    send it as a number, without quotes',
      expect.stringMatching(/^stdin:3: refused\n {2}unreadable at the whole: Not JSON: /),
      expect.stringMatching(/received "playin"\n {4}did you mean "playing"\?$/),
      '4 lines, 3 events: 1 good, 2 refused. 3 lines bad',
    ])
  })

  it.each([
    [{ t_ms: 0.5 }, 'round it'],
    [{ in_ad: 'true' }, 'send true or false'],
    [{ in_ad: null }, 'leave the field out'],
    [{ ext: { mine: 1 } }, 'com.example.area'],
    [{ ext: { 'com.example.a': [[[[1]]]] } }, 'flatten it'],
    [{ state: undefined, stat: 'paused' }, 'there is `stat`'],
  ])('has a hint for %j', async (event, hint) => {
    expect((await run(['validate'], withEvent(event))).text).toContain(hint)
  })

  it.each([
    [{ view_id: '6e2fb550-c457-11e9-bb97-0800200c9a66' }, 'A UUID has 128 bits'],
    [{ visit_id: 'x' }, 'make a ULID'],
    [{ spec: 'one' }, 'MAJOR.MINOR'],
    [{ spec: '2.0' }, 'this package is older'],
    [{ spec: '0.9' }, 'the producer is too old'],
    [{ context: { ...minimal.context, page: { origin: 'https://a.example/x?y' } } }, 'scheme, host and port'],
    [
      { context: { ...minimal.context, page: { origin: 'https://a.example', path: '/x?y' } } },
      'queries carry tokens',
    ],
    [{ events: [minimal.events[0], minimal.events[0]] }, 'count seq up by one'],
  ])('has a hint for a batch with %j', async (batch, hint) => {
    const { text } = await run(['validate'], JSON.stringify({ ...minimal, ...batch }))
    expect(text.toLowerCase()).toContain(hint.toLowerCase())
  })

  it('names what is unknown and kept, once, with a guess', async () => {
    const line = withEvent({ playhead: 3 })
    const { code, out } = await run(['validate'], `${line}\n${line}\n${withEvent({ type: 'heartbeet' })}`)
    expect(code).toBe(0)
    expect(out.slice(0, 2)).toEqual([
      'unknown field view_start.playhead (did you mean playhead_ms?): kept, 2 times',
      'unknown type heartbeet (did you mean heartbeat?): kept, 1 time',
    ])
  })

  it.each([
    ['a misspelt field', { playhead: 3 }, 'unknown_field at /events/0/playhead'],
    ['an unknown type', { type: 'heartbeet' }, 'unknown_type at /events/0/type'],
    ['a word that was not agreed', { type: 'pause', reason: 'doorbell' }, 'unknown_word at /events/0/reason'],
  ])('with --strict refuses %s', async (_, event, problem) => {
    expect((await run(['validate'], withEvent(event))).code).toBe(0)
    const { code, text } = await run(['validate', '--strict'], withEvent(event))
    expect(code).toBe(1)
    expect(text).toContain(problem)
  })

  it('with --strict holds a producer to the version that it says', async () => {
    const older = JSON.stringify({ ...whatsNew, spec: '1.0' })
    expect((await run(['validate'], older)).code).toBe(0)
    const { text } = await run(['validate', '--strict'], older)
    expect(text).toContain(
      'unknown_field at /events/3/device_pixel_ratio: Wire version 1.0 has no such field',
    )
    expect(text).toContain('unknown_type at /events/5/type')
  })

  it('reads files, JSON over several lines, and CMCD', async () => {
    const pretty = file('pretty.json', JSON.stringify(minimal, null, 2))
    expect((await run(['validate', pretty, join(vectors, '1.0/valid/every-type.json')])).out).toEqual([
      '2 lines, 30 events: 30 good, 0 refused. all good',
    ])
    const { code, out } = await run(['validate'], `${cmcd}\ne=t,sid="s",ts=1,v=3\n`)
    expect(code).toBe(1)
    expect(out).toEqual([
      'stdin:76: refused\n  newer_major at /v: CMCD newer than version 2',
      '76 lines, 76 events: 75 good, 1 refused. 1 line bad',
    ])
  })

  it('answers line by line in JSON', async () => {
    const { out } = await run(['validate', '--json'], `${JSON.stringify(minimal)}\n${withEvent({ seq: -1 })}`)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { file: '-', line: 1, ok: true, events: 1, accepted: 1, problems: [] },
      {
        line: 2,
        ok: false,
        accepted: 0,
        problems: [{ code: 'too_small', path: '/events/0/seq', received: '-1' }],
      },
    ])
  })

  it('names the good lines too when asked', async () => {
    expect((await run(['validate', '--all'], JSON.stringify(minimal))).out[0]).toBe('stdin:1: good, 1 event')
  })

  it.each([
    ['a byte order mark', `\ufeff${JSON.stringify(minimal)}`, 0, 'all good'],
    [
      'lines that end as on Windows',
      `${JSON.stringify(minimal)}\r\n${JSON.stringify(minimal)}\r\n`,
      0,
      '2 lines',
    ],
    [
      'JSON over several lines after an empty one',
      `\n${JSON.stringify(minimal, null, 2)}`,
      0,
      '1 line, 1 event',
    ],
    [
      'lines of which the first is broken',
      `{"half":\n${JSON.stringify(minimal)}`,
      1,
      '2 lines, 1 event: 1 good',
    ],
    [
      'lines of which the first is no JSON',
      `half":1}\n${JSON.stringify(minimal)}`,
      1,
      '2 lines, 2 events: 1 good',
    ],
    ['a list of batches', JSON.stringify([minimal]), 1, 'write one batch a line'],
    ['more than a body may hold', withEvent({ more: 'x'.repeat(600_000) }), 1, 'Larger than a body may be'],
    [
      'what nests deeper than the stack',
      withEvent({ ext: 'DEEP' }).replace('"DEEP"', `${'['.repeat(50_000)}${']'.repeat(50_000)}`),
      1,
      'too_deep',
    ],
  ])('judges %s', async (_, text, code, said) => {
    const judged = await run(['validate'], text)
    expect(judged).toMatchObject({ code, text: expect.stringContaining(said) })
  })

  it.each([[{ spec: '' }], [{ spec: '../schemas' }], [{ events: [null, { type: { toString: 1 } }] }]])(
    'with --strict judges what nobody would send: %j',
    async (odd) => {
      expect((await run(['validate', '--strict'], JSON.stringify({ ...minimal, ...odd }))).code).toBe(1)
    },
  )

  it('has nothing to say of nothing, which is no yes', async () => {
    expect(await run(['validate'], '')).toMatchObject({
      code: 1,
      err: ['nothing to judge: no line in the input'],
    })
  })

  it('reads a character that is cut in two by the chunks of a stream', async () => {
    const bytes = Buffer.from(withEvent({ ext: { 'com.example.a': '😀' } }))
    const cut = bytes.indexOf('😀') + 2
    const out: string[] = []
    const terminal = {
      out: (line: string) => out.push(line),
      err: () => {},
      status: () => {},
      columns: 80,
      interactive: false,
      colors: false,
    }
    await main(['validate', '--json'], {
      ...terminal,
      stdin: Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)]),
    })
    expect(JSON.parse(out[0]!)).toMatchObject({ ok: true })
  })
})

describe('explain', () => {
  it('draws the states, finds no fault, and compares totals with events', async () => {
    const { code, out } = await run(['explain'], JSON.stringify(totals))
    expect(code).toBe(0)
    expect(out[0]).toBe('01K5M0PV40ZZZZZZZZZZZZZZZC  ep-101, html5, hls.js, wire version 1.2')
    expect(out[3]).toMatch(/^·?▒-+▒+█+!+█+»*█+!+█+$/)
    expect(out[4]).toContain('! rebuffering 1.4 s (2 times)')
    expect(out).toContain('in order')
    const compared = out.slice(out.findIndex((line) => line.includes('newest totals')) + 1, -1)
    expect(compared.length).toBeGreaterThan(40)
    for (const line of compared) expect(line).toMatch(/ (agree|about the same)$/)
  })

  it('lets nearly be enough of what events tell only nearly, and of nothing else', async () => {
    const verdictOf = async (name: string, by: number) => {
      const events = structuredClone(totals.events) as { totals?: Record<string, number> }[]
      events.at(-1)!.totals![name]! += by
      const { out } = await run(['explain'], JSON.stringify({ ...totals, events }))
      return out
        .find((line) => line.includes(` ${name} `))!
        .trim()
        .split('   ')
        .at(-1)!
        .trim()
    }
    expect(await verdictOf('content_ms', 900)).toBe('about the same')
    expect(await verdictOf('content_ms', 5000)).toBe('+5000 ms')
    expect(await verdictOf('playing_ms', 5)).toBe('agree')
    expect(await verdictOf('playing_ms', 900)).toBe('+900 ms')
    expect(await verdictOf('seek_count', 1)).toBe('+1')
  })

  it('says what contradicts: order, totals, and numbers that are missing', async () => {
    const events = whatsNew.events.filter(({ seq }) => seq !== 3)
    const end = { ...events.at(-1)!, totals: { ...events.at(-1)!.totals, playing_ms: 20_000 } }
    const batch = { ...whatsNew, events: [...events.slice(0, -1), end, { ...end, seq: 8, t_ms: 10 }] }
    const { code, text } = await run(['explain'], JSON.stringify(batch))
    expect(code).toBe(1)
    expect(text).toContain('2 missing by seq')
    expect(text).toContain('seq 8: view_end after view_end (nothing_after_view_end)')
    expect(text).toMatch(/playing_ms +20000 ms .* -\d+ ms/)
  })

  it('takes lines of the archive, records, and CMCD of a player without our SDK', async () => {
    const { events, ...around } = whatsNew
    const flat = events.map((event) =>
      JSON.stringify({ ...event, ...around, publisher: 'p', received_at: 1, client: {} }),
    )
    expect((await run(['explain'], flat.join('\n'))).text).toContain('7 events in 7 batches')
    expect((await run(['explain'], JSON.stringify({ v: 1, batch: whatsNew }))).text).toContain(
      '7 events in 1 batch',
    )
    const { code, text } = await run(['explain'], cmcd)
    expect(code).toBe(0)
    expect(text).toContain('! rebuffering 5.5 s')
  })

  it('tells of one view when asked, in JSON too', async () => {
    const two = `${JSON.stringify(everyType)}\n${JSON.stringify(whatsNew)}`
    const { out } = await run(['explain', '--json', '--view', whatsNew.view_id], two)
    expect(JSON.parse(out.join(''))).toMatchObject([
      { view_id: whatsNew.view_id, events: 7, missing: 0, violations: [] },
    ])
    expect(await run(['explain', '--view', 'x'], two)).toMatchObject({
      code: 1,
      err: ['no events of view x'],
    })
  })
})

describe('upcast', () => {
  it.each(upcasts)('writes what the stream holds: $name', async ({ before, after }) => {
    const { code, out } = await run(['upcast'], JSON.stringify(before))
    expect(code).toBe(0)
    expect(out.map((line) => JSON.parse(line))).toEqual([after])
  })

  it('shows the steps', async () => {
    const { out } = await run(['upcast', '--steps'], JSON.stringify(upcasts[0]!.before))
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { to: '1.0', says: 'as it came', batch: upcasts[0]!.before },
      { from: '1.0', to: '1.1', says: expect.stringContaining('max_playhead_ms') },
    ])
  })

  it('names the events that it leaves out, and writes no empty batch', async () => {
    const bad = { ...minimal.events[0], seq: 1, ts: -1 }
    const one = await run(['upcast'], JSON.stringify({ ...minimal, events: [...minimal.events, bad] }))
    expect(one).toMatchObject({ code: 1, err: ['-:1: too_small at /events/1/ts'] })
    expect(JSON.parse(one.text).events).toHaveLength(1)
    expect(
      await run(['upcast', '--steps'], JSON.stringify({ ...minimal, events: [bad, null] })),
    ).toMatchObject({ code: 1, out: [] })
  })

  it('says which line is no batch', async () => {
    expect(await run(['upcast'], '{"a":1}')).toMatchObject({ code: 1, err: ['-:1: missing at /spec'] })
  })
})

describe('map', () => {
  it('says events as CMCD, and what is lost', async () => {
    const { out, err } = await run(['map', '--to', 'cmcd'], JSON.stringify(whatsNew))
    expect(out[2]).toBe(
      'cid="evening-news",e=ps,msd=500,pt=600,sid="01K5M0PV40ZZZZZZZZZZZZZZZC",sn=2,st=l,sta=p,ts=1790000000600,v=2',
    )
    expect(err).toContain('lost program_change.title: 1 time')
    expect(err.at(-1)).toBe('6 events as CMCD, 1 with no CMCD event at all')
  })

  it('knows no other standard yet', async () => {
    expect(await run(['map', '--to', 'mux'], '')).toMatchObject({ code: 2, err: ['--to mux: expected cmcd'] })
  })
})

describe('the command line', () => {
  it.each([
    [['--help'], 'validate'],
    [['validate', '--help'], '--strict'],
    [['help', 'explain'], '--view'],
  ])('explains itself: %j', async (args, word) => {
    expect(await run(args)).toMatchObject({ code: 0, text: expect.stringContaining(word) })
  })

  it.each([
    [['validate', '/no/such/file'], '/no/such/file: no such file'],
    [['validate', vectors], ': a folder; name its files'],
    [['compat', '--dir', vectors], 'has no folder schemas with a version'],
    [['validate', '--format', 'xml'], '--format xml: expected json or cmcd'],
    [['diff', '1.0', '9.9'], '9.9: neither a published version (1.0, 1.1, 1.2) nor a folder of one'],
    [['explode'], "error: unknown command 'explode'"],
    [['validate', '--strickt'], "error: unknown option '--strickt'"],
    [['map'], "error: required option '--to <standard>' not specified"],
  ])('answers 2 and says why: %j', async (args, why) => {
    const { code, err } = await run(args)
    expect(code).toBe(2)
    expect(err.join('\n')).toContain(why)
  })

  it('compares versions, for people and for tools', async () => {
    const { code, out } = await run(['diff', '1.0', '1.1'])
    expect(code).toBe(0)
    expect(out).toContain('additive  events[program_change]: an event of this type')
    expect(out.at(-1)).toBe('additive')
    const back = await run(['diff', '1.1', '1.0', '--json'])
    expect(back.code).toBe(1)
    expect(JSON.parse(back.text)).toMatchObject({ verdict: 'breaking' })
  })

  it('proves all published versions compatible', async () => {
    const { code, out } = await run(['compat'])
    expect(code).toBe(0)
    expect(out).toContain('taken     1.1 → 1.0')
    expect(out).toContain('taken     1.0 → 1.2')
  })

  it('draws progress only where people look on', async () => {
    let now = 0
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 1000))
    const many = `${JSON.stringify(minimal)}\n`.repeat(1024)
    expect((await run(['validate'], many)).status).toEqual([''])
    const { status } = await run(['validate'], many, { interactive: true })
    expect(status).toHaveLength(5)
    expect(status[3]).toBe('0 MB, 1,024 lines, 0 bad')
    expect(status.at(-1)).toBe('')
    vi.restoreAllMocks()
  })
})
