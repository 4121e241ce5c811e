import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listSettings } from './listSettings.ts'
import { checkSettings, readSettings } from './readSettings.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-settings-'))
})
afterAll(() => rm(folder, { recursive: true }))

const domain = {
  name: 'ingest.pub.example',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0',
}
const entry = { publisher: 'demo', origins: ['*'] }

describe('settings', () => {
  it('have a default each: nothing is a whole deployment', async () => {
    expect(await readSettings()).toMatchObject({
      name: 'viewbeat',
      gateway: { kind: 'http-api' },
      stream: { mode: 'on-demand', retentionHours: 168 },
      lambda: { memoryMb: 512, timeoutS: 15 },
    })
  })

  it('are read from a file', async () => {
    const file = join(folder, 'good.json')
    await writeFile(file, JSON.stringify({ stream: { mode: 'provisioned', shards: 4 } }))
    expect((await readSettings(file)).stream).toMatchObject({ mode: 'provisioned', shards: 4 })
  })

  it.each<[string, unknown, RegExp]>([
    [
      'a name that is misspelt',
      { stream: { shard: 3 } },
      /stream\.shard: no such setting: there are mode, shards/,
    ],
    ['a section that is not there', { gatway: {} }, /gatway: no such setting: there are name, gateway/],
    [
      'a word that is not known',
      { stream: { mode: 'auto' } },
      /stream\.mode: .*"on-demand"\|"provisioned".* How the stream/,
    ],
    [
      'a time that leaves the stream none',
      { lambda: { timeoutS: 13 } },
      /lambda\.timeoutS: .*The stream is tried for 6 s, and 8 s are kept/,
    ],
    [
      'a time over what the gateway waits',
      { lambda: { timeoutS: 60 } },
      /lambda\.timeoutS: .*the gateway waits 30 s/,
    ],
    ['a retention that CloudWatch does not know', { lambda: { logDays: 31 } }, /lambda\.logDays: .*knows/],
    [
      'a broken key',
      { keys: { document: { demo: entry } } },
      /keys\.document: demo: expected a key such as pk_demo/,
    ],
    [
      'a broken entry',
      { keys: { document: { pk_demo: { ...entry, state: 'of' } } } },
      /keys\.document: pk_demo\.state/,
    ],
    [
      'keys for an object',
      { keys: { from: 's3', document: { pk_demo: entry } } },
      /keys\.document: .*upload keys\.json/,
    ],
    [
      'more keys than a parameter holds',
      { keys: { document: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`pk_${n}`, entry])) } },
      /keys\.document: a parameter holds 8 KB: choose keys\.from s3/,
    ],
    [
      'a domain for a function URL',
      { gateway: { kind: 'function-url' }, domain },
      /domain: .*add "edge": \{\}/,
    ],
    [
      'a certificate where CloudFront does not look',
      { edge: {}, domain },
      /domain\.certificateArn: .*us-east-1/,
    ],
    [
      'two firewalls',
      { edge: { requestsPer5Minutes: 100, webAclArn: 'arn:aws:wafv2:us-east-1:1:global/webacl/a/b' } },
      /edge\.webAclArn: .*not both/,
    ],
    [
      'two who are told',
      { alarms: { email: 'a@b.example', topicArn: 'arn:aws:sns:x:1:y' } },
      /alarms\.email: .*not both/,
    ],
    [
      'fewer invocations than shards',
      { stream: { mode: 'provisioned', shards: 20 }, search: {} },
      /sinks\.concurrency: search reads 20 shards × 2 at once: give it 40 or more/,
    ],
    [
      'half of an OpenSearch',
      { search: { endpoint: 'https://search.pub.example' } },
      /search\.arn: is needed with the other/,
    ],
    [
      'an OpenSearch without TLS',
      { search: { endpoint: 'http://search.pub.example' } },
      /search\.endpoint: .*https:/,
    ],
    [
      'a step that S3 does not take so soon',
      { archive: { infrequentDays: 90, glacierDays: 100 } },
      /archive\.glacierDays: .*30 days or more after/,
    ],
    [
      'a window that Firehose does not know',
      { archive: { by: 'firehose', windowS: 10 } },
      /archive\.windowS: .*60 or more/,
    ],
  ])('say what is wrong with %s, and what to do', (_, input, message) => {
    expect(() => checkSettings(input, 'my.json')).toThrow(/^my\.json:\n/)
    expect(() => checkSettings(input, 'my.json')).toThrow(message)
  })

  it('name a file that cannot be read, or is not JSON', async () => {
    await expect(readSettings(join(folder, 'none.json'))).rejects.toThrow(
      /none\.json: cannot be read \(ENOENT\)/,
    )
    const file = join(folder, 'bad.json')
    await writeFile(file, '{ "name": }')
    await expect(readSettings(file)).rejects.toThrow(/bad\.json: not JSON/)
  })

  it('are all described', () => {
    const listed = listSettings()
    expect(listed.filter(({ description }) => !description)).toEqual([])
    expect(listed.map(({ path }) => path)).toContain('keys.document')
    expect(listed.length).toBeGreaterThan(30)
  })
})
