import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from './main.ts'

let folder: string
let bundle: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-deploy-cli-'))
  bundle = join(folder, 'index.mjs')
  await writeFile(bundle, 'export const handler = async () => {}\n')
  await writeFile(join(folder, 'archive.mjs'), 'export const handler = async () => {}\n')
})
afterAll(() => rm(folder, { recursive: true }))

const call = async (...argv: string[]) => {
  const [out, err]: string[][] = [[], []]
  const code = await main(argv, {
    out: (line) => void out!.push(line),
    err: (line) => void err!.push(line),
    cwd: folder,
  })
  return { code, out: out!.join('\n'), err: err!.join('\n') }
}

/** The bundles of the functions. */
const CODE = () => ['--code', bundle, '--sinks', folder]

describe('the command line', { timeout: 60_000 }, () => {
  it('writes the template and the zip, and says how to deploy them', async () => {
    const { code, out } = await call('synth', ...CODE(), '--out', join(folder, 'plain'))
    expect(code).toBe(0)
    expect(await readdir(join(folder, 'plain'))).toEqual([
      expect.stringMatching(/^viewbeat-[0-9a-f]{16}\.zip$/),
      'viewbeat.template.json',
    ])
    expect(out).toMatch(/^plain\/viewbeat\.template\.json {2}[\d.]+ KB, \d+ resources, 26 alarms$/m)
    expect(out).toContain('aws cloudformation deploy --stack-name viewbeat')
    expect(out).toContain('keys.document is empty')
  })

  it('answers 2 to settings that cannot be, and names them', async () => {
    const file = join(folder, 'settings.json')
    await writeFile(file, '{ "stream": { "mode": "auto" } }')
    for (const command of ['synth', 'deploy']) {
      const { code, err } = await call(command, '--settings', file, ...CODE())
      expect(code).toBe(2)
      expect(err).toMatch(/settings\.json:\n {2}stream\.mode: /)
    }
  })

  it('answers 2 where the functions are not built, and says what to do', async () => {
    const { code, err } = await call('synth', '--code', join(folder, 'none.mjs'))
    expect(code).toBe(2)
    expect(err).toMatch(/none\.mjs: cannot be read \(ENOENT\): build the ingest/)
  })

  it('asks only for the bundles that the settings need', async () => {
    const file = join(folder, 'settings.json')
    await writeFile(file, '{ "archive": { "by": "firehose" } }')
    const { code, err } = await call('synth', '--settings', file, ...CODE())
    expect(code).toBe(2)
    expect(err).toMatch(/firehose\.mjs: cannot be read \(ENOENT\): build the sinks/)
    await writeFile(file, '{ "archive": { "by": "off" } }')
    const out = join(folder, 'plain')
    expect(
      await call('synth', '--settings', file, '--code', bundle, '--sinks', '/none', '--out', out),
    ).toMatchObject({
      code: 0,
    })
  })

  it('lints a template of anybody, and answers 1 to a mapping without an end', async () => {
    const file = join(folder, 'theirs.json')
    const Properties = { EventSourceArn: 'arn:aws:kinesis:eu-west-1:1:stream/s', StartingPosition: 'LATEST' }
    await writeFile(
      file,
      JSON.stringify({ Resources: { Theirs: { Type: 'AWS::Lambda::EventSourceMapping', Properties } } }),
    )
    const { code, err } = await call('lint', file)
    expect(code).toBe(1)
    expect(err.split('\n')).toHaveLength(4)
    expect(err).toContain(`${file}: Theirs.MaximumRetryAttempts: `)
    await call('synth', ...CODE(), '--out', join(folder, 'plain'))
    expect(await call('lint', join(folder, 'plain/viewbeat.template.json'))).toEqual({
      code: 0,
      out: '1 template: every stream mapping has an end',
      err: '',
    })
    await writeFile(file, 'Resources: {}')
    expect(await call('lint', file)).toMatchObject({
      code: 2,
      err: expect.stringContaining('not a CloudFormation'),
    })
  })

  it('answers 2 to what the CDK CLI should not be asked', async () => {
    expect(await call('deploy', 'explode')).toMatchObject({
      code: 2,
      err: expect.stringContaining('bootstrap'),
    })
  })

  it('lists every setting in its help', async () => {
    for (const command of ['synth', 'deploy']) {
      const { code, out } = await call(command, '--help')
      expect(code).toBe(0)
      expect(out).toContain('stream.mode = "on-demand"')
      expect(out).toContain('domain.certificateArn\n')
    }
  })
})
