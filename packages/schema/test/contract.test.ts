import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkMajor } from '../src/compat/checkMajor.ts'
import { readVersion } from '../src/compat/readVersion.ts'
import { lintMetadata } from '../src/documents/lintMetadata.ts'
import { lintSchema } from '../src/documents/lintSchema.ts'
import { publishedSchemas } from '../src/documents/publishedSchemas.ts'
import { compileCheck } from '../src/jsonSchema/compileCheck.ts'
import { toJsonSchema } from '../src/jsonSchema/toJsonSchema.ts'
import { contractFolder, filesBelow } from '../src/publish/contractFolder.ts'
import { checkFrozen } from '../src/publish/freeze.ts'
import { generate } from '../src/publish/generate.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const contract = contractFolder(join(root, 'packages/schema'))
const bin = (name: string) => join(root, 'node_modules/.bin', name)

describe('what is published', () => {
  it('is what the source generates', () => {
    expect(generate(contract, { check: true }).changed).toEqual([])
  })

  it('is what was frozen: no file edited, none deleted, all of them locked', () => {
    const { changed, unfrozen, frozen } = checkFrozen(contract)
    expect({ changed, unfrozen }).toEqual({ changed: [], unfrozen: [] })
    expect(frozen).toBeGreaterThan(100)
  })

  it('was never unlocked: whatever a commit had in frozen.json is in it still', () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: contract.root, encoding: 'utf8' })
    const lock = JSON.parse(readFileSync(contract.lock, 'utf8')) as Record<string, string>
    for (const commit of git('log', '--format=%H', '--', 'frozen.json').trim().split('\n').filter(Boolean))
      expect(lock).toMatchObject(JSON.parse(git('show', `${commit}:./frozen.json`)))
  })

  it('breaks nobody: every reader takes what every producer of its major sends', () => {
    const pairings = checkMajor(contract.versions().map((name) => readVersion(contract.version(name))))
    expect(pairings.filter(({ gaps }) => gaps.length > 0)).toEqual([])
    expect(pairings.length).toBeGreaterThanOrEqual(5)
  })

  it('is JSON Schema 2020-12 and nothing that only we understand', () => {
    const ajv = new Ajv2020({ strict: false })
    const documents = filesBelow(contract.schemas).filter((path) => /(producer|reader)\//.test(path))
    for (const path of documents)
      expect(ajv.validateSchema(JSON.parse(readFileSync(join(contract.schemas, path), 'utf8'))), path).toBe(
        true,
      )
    expect(documents.length).toBeGreaterThan(100)
  })

  it('describes the endpoint in OpenAPI that redocly calls valid', () => {
    const quiet = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    execFileSync(bin('redocly'), ['lint', join(contract.schemas, 'openapi.json')], {
      stdio: 'pipe',
      env: quiet,
    })
  }, 30_000)
})

describe('the schemas', () => {
  it.each([...publishedSchemas])(
    'of %s say nothing that JSON Schema cannot carry, and all about their fields',
    (_, schema) => {
      expect([...lintSchema(schema), ...lintMetadata(schema)]).toEqual([])
    },
  )

  it.each([
    ['a refinement', z.object({ a: z.string().refine((text) => text !== 'x') }), '/a: custom is lost'],
    ['a super-refinement', z.object({ a: z.int() }).superRefine(() => {}), '/: custom is lost'],
    ['a trim', z.object({ a: z.string().trim() }), '/a: overwrite is lost'],
    ['a lower-casing', z.object({ a: z.string().toLowerCase() }), '/a: overwrite is lost'],
    ['a flag of a regular expression', z.object({ a: z.string().regex(/a/i) }), '/a: regex flags "i"'],
    ['a transform', z.object({ a: z.string().transform(Number) }), '/a: pipe cannot'],
    ['a default', z.object({ a: z.int().default(0) }), '/a: default cannot'],
    ['a catch', z.object({ a: z.int().catch(0) }), '/a: catch cannot'],
    ['a coercion', z.object({ a: z.coerce.number() }), '/a: coercion is lost'],
    ['a fraction of a step', z.object({ a: z.number().multipleOf(0.01) }), '/a: multiple_of is lost'],
    ['a format', z.object({ a: z.url() }), '/a: url is lost'],
    ['a date', z.object({ a: z.date() }), '/a: date cannot'],
    ['a union', z.object({ a: z.union([z.string(), z.int()]) }), '/a: union cannot'],
    ['a tuple', z.object({ a: z.tuple([z.int(), z.int()]) }), '/a: tuple cannot'],
    ['a closed object', z.object({ a: z.strictObject({}) }), '/a: an object must be a plain z.object'],
    [
      'something deep inside',
      z.object({ a: z.array(z.object({ b: z.bigint() }).optional()) }),
      '/a/[]/b: bigint cannot',
    ],
    [
      'a key of a record',
      z.object({ a: z.record(z.string().regex(/a/u), z.int()) }),
      '/a/<key>: regex flags',
    ],
  ])('would be refused for %s', (_, schema, fault) => {
    expect(lintSchema(schema).join()).toContain(fault)
  })

  it('say null of a list of words that may be null', () => {
    const schema = z.object({ a: z.enum(['x', 'y']).nullable() })
    const document = toJsonSchema(schema, 'reader')
    for (const a of ['x', null, 'z', 1])
      expect(compileCheck(document)({ a }), String(a)).toBe(schema.safeParse({ a }).success)
  })

  it('would be refused for a field that says nothing about itself', () => {
    expect(lintMetadata(z.object({ a: z.object({ b: z.int() }).optional() }))).toEqual([
      ...['has no description', 'has no unit', 'has no purpose', 'has no privacy class'].map(
        (fault) => `/a: ${fault}`,
      ),
      '/a: does not say since when',
      ...['has no description', 'has no unit', 'has no purpose', 'has no privacy class'].map(
        (fault) => `/a/b: ${fault}`,
      ),
      '/a/b: does not say since when',
    ])
  })
})

/** A copy of the package that a test may change as a developer would. */
const copyContract = () => {
  const home = mkdtempSync(join(tmpdir(), 'viewbeat-contract-'))
  const folder = join(home, 'packages/schema')
  for (const part of ['src', 'schemas', 'vectors', 'frozen.json', 'CHANGELOG.md', 'package.json'])
    cpSync(join(contract.root, part), join(folder, part), { recursive: true })
  cpSync(join(root, 'docs/events.md'), join(home, 'docs/events.md'))
  symlinkSync(join(contract.root, 'node_modules'), join(folder, 'node_modules'))
  return { home, folder }
}

let home: string
let folder: string

const edit = (path: string, from: string | RegExp, to: string) => {
  const text = readFileSync(join(folder, path), 'utf8')
  const edited = text.replace(from, to)
  expect(edited).not.toBe(text)
  writeFileSync(join(folder, path), edited)
}

/** Runs the command line of the copy, on the copy. */
const run = (...args: string[]): { code: number; text: string } => {
  try {
    const text = execFileSync(bin('tsx'), [join(folder, 'src/cli/bin.ts'), ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return { code: 0, text }
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
    return { code: status, text: stdout + stderr }
  }
}

describe('a developer', { timeout: 60_000 }, () => {
  const homes: string[] = []
  beforeEach(() => {
    ;({ home, folder } = copyContract())
    homes.push(home)
  })
  afterAll(() => {
    for (const path of homes) rmSync(path, { recursive: true, force: true })
  })

  const newField = () =>
    edit(
      'src/events/pause.ts',
      'reason:',
      "lead_ms: count().optional().describe('since somebody reached for the button').meta({ since: '1.3' }), reason:",
    )
  const withCount = () => edit('src/events/pause.ts', 'openEnum }', 'count, openEnum }')

  it('adds an optional field by one edit, and everything follows', () => {
    withCount()
    newField()
    const generated = run('generate')
    expect(generated.text).toContain('additive  events[pause].lead_ms: the field lead_ms')
    expect(generated).toMatchObject({ code: 0, text: expect.stringMatching(/additive\n$/) })
    expect(readFileSync(join(home, 'docs/events.md'), 'utf8')).toContain('| `lead_ms`?')
    expect(run('generate', '--check')).toMatchObject({ code: 0 })
    expect(run('compat').text).toContain('next → 1.0')
    expect(run('freeze', '--check')).toMatchObject({ code: 0 })

    expect(run('new-version', '--say', 'Pauses say how long they were thought about.')).toMatchObject({
      code: 0,
    })
    expect(readFileSync(join(folder, 'src/limits.ts'), 'utf8')).toContain("WIRE_VERSION = '1.3'")
    expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toMatch(
      /^## 1\.3\n\nPauses say how long they were thought about\.\n\n- additive: `events\[pause\]\.lead_ms`/m,
    )
    expect(run('generate', '--check')).toMatchObject({ code: 0 })
    expect(run('validate', join(folder, 'vectors/1.3/valid/minimal.json'), '--strict')).toMatchObject({
      code: 0,
    })
    expect(run('freeze').text).toContain('files frozen')
    expect(run('diff', '1.2', '1.3').text).toContain('lead_ms')
  })

  it('is told when a new field does not say since when it is there', () => {
    withCount()
    edit('src/events/pause.ts', 'reason:', "lead_ms: count().optional().describe('x'), reason:")
    expect(run('generate')).toMatchObject({ code: 2, text: expect.stringContaining("since: '1.3'") })
  })

  it.each([
    ['removes a field', () => edit('src/events/seekEnd.ts', /merged: .*\n/, ''), 'merged'],
    [
      'narrows a bound',
      () => edit('src/events/error.ts', 'text(512)', 'text(256)'),
      'more than 256 characters',
    ],
    [
      'uses a name again with another type',
      () => edit('src/events/seekEnd.ts', /merged: count\(\)/, 'merged: playhead()'),
      'merged',
    ],
    [
      'adds a value to a closed enum',
      () => edit('src/events/error.ts', "['fatal', 'warning']", "['fatal', 'warning', 'info']"),
      '"info"',
    ],
    [
      'makes a field required',
      () => edit('src/events/error.ts', /(message: text\(512\))\s*\.optional\(\)/, '$1'),
      'without message',
    ],
  ])('%s: refused, with the batch that it would break', (_, change, what) => {
    change()
    const { code, text } = run('generate')
    expect(code).toBe(1)
    expect(text).toContain(what)
    expect(text).toMatch(/breaking .*\n.*\n\s+\{"spec":"1\.[0123]".*"events":\[/)
  })

  it('cannot make a new version of a change that breaks somebody, even one that was not generated', () => {
    edit('src/events/error.ts', 'text(512)', 'text(256)')
    expect(run('new-version', '--say', 'Shorter.')).toMatchObject({
      code: 1,
      text: expect.stringContaining('needs a new major'),
    })
  })

  it('cannot edit or delete what is published, and can add to it', () => {
    writeFileSync(join(folder, 'vectors/1.0/more.json'), '[]\n')
    expect(run('freeze', '--check')).toMatchObject({
      code: 0,
      text: expect.stringContaining('new       vectors/1.0/more.json'),
    })
    edit('schemas/1.0/reader/events/pause.json', '"maxLength": 32', '"maxLength": 33')
    rmSync(join(folder, 'vectors/1.1/upcast.json'))
    rmSync(join(folder, 'vectors/cmcd/hls.js-1.7.4.json'))
    const { code, text } = run('freeze', '--check')
    expect(code).toBe(1)
    expect(text).toContain('edited    schemas/1.0/reader/events/pause.json')
    expect(text).toContain('deleted   vectors/1.1/upcast.json')
    expect(text).toContain('deleted   vectors/cmcd/hls.js-1.7.4.json')
    rmSync(join(folder, 'frozen.json'))
    expect(run('freeze', '--check')).toMatchObject({
      code: 1,
      text: expect.stringContaining('deleted   frozen.json'),
    })
  })

  it('writes a schema that JSON Schema cannot carry: nothing is generated, and the path is named', () => {
    edit('src/events/error.ts', 'text(512)', 'text(512).refine((text) => text !== "x")')
    expect(run('generate')).toMatchObject({
      code: 2,
      text: expect.stringContaining('error /message: custom is lost'),
    })
  })
})
