import type { z } from 'zod'
import { toPlainTemplate } from '../src/plain/toPlainTemplate.ts'
import { checkSettings } from '../src/settings/readSettings.ts'
import type { settings } from '../src/settings/settings.ts'

const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/0`
const domain = { name: 'ingest.pub.example', hostedZoneId: 'Z0123456789' }
const demo = { pk_demo: { publisher: 'demo', origins: ['https://*.pub.example'] } }

/** Deployments that between them have every resource the package can make. */
export const variants = {
  default: {},
  'with publishers': {
    keys: { document: demo },
    alarms: { email: 'ops@pub.example', publishers: ['demo', 'other'], silenceMinutes: 15 },
    search: {},
  },
  'function URL': {
    gateway: { kind: 'function-url' },
    keys: { from: 's3' },
    lambda: { tracing: true },
    stream: { mode: 'provisioned', shards: 3 },
  },
  'own domain': {
    domain: { ...domain, certificateArn: certificate('eu-west-1') },
    lambda: { runtime: 'nodejs24.x' },
    alarms: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:ops' },
  },
  CloudFront: { edge: {} },
  'CloudFront with firewall and domain': {
    edge: { requestsPer5Minutes: 3000 },
    domain: { ...domain, certificateArn: certificate('us-east-1') },
  },
  'search of yours': {
    search: {
      endpoint: 'https://search.pub.example',
      arn: 'arn:aws:es:eu-west-1:123456789012:domain/ours',
      viewUrl: true,
    },
    archive: { by: 'off' },
    lambda: { tracing: true },
  },
  'serverless search': {
    search: {
      endpoint: 'https://0.eu-west-1.aoss.amazonaws.com',
      arn: 'arn:aws:aoss:eu-west-1:123456789012:collection/0',
    },
  },
  'large search': {
    search: { instances: 13, masters: 3, instanceType: 'r7g.xlarge.search', volumeGb: 500 },
    archive: { days: 400 },
  },
  'archive by Firehose': { archive: { by: 'firehose', days: 30 }, lambda: { runtime: 'nodejs24.x' } },
  'no sinks': { archive: { by: 'off' } },
  'function URL behind CloudFront': { edge: {}, gateway: { kind: 'function-url' } },
} satisfies Record<string, z.input<typeof settings>>

/** The plain template of settings. */
export const synthesize = (input: z.input<typeof settings>) =>
  toPlainTemplate(checkSettings(input, 'test'), 'viewbeat-0.zip')
