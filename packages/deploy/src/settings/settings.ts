import { type KeysDocument, readKeyBook } from '@viewbeat/ingest-lambda'
import { z } from 'zod'

const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[\\w-]*:${service}:`), `must be an ARN of ${service}`)
const percent = z.number().gt(0).max(100)

/** The retentions that CloudWatch Logs knows, days. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

const gateway = z.strictObject({
  kind: z
    .enum(['http-api', 'function-url'])
    .default('http-api')
    .describe('What viewers post to. A function URL costs nothing, and has no throttle and no access log.'),
  requestsPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .default(5000)
    .describe(
      'What the HTTP API lets through; above it answers 429 and players wait. A watched minute is two requests.',
    ),
  burst: z.int().min(1).max(5000).default(5000).describe('How many requests may come at once.'),
})

const lambda = z.strictObject({
  runtime: z
    .enum(['nodejs22.x', 'nodejs24.x'])
    .default('nodejs22.x')
    .describe('The runtime of the functions.'),
  memoryMb: z.int().min(128).max(10_240).default(512).describe('Memory; the share of a CPU goes with it.'),
  timeoutS: z
    .int()
    .min(14)
    .max(29)
    .default(15)
    .describe(
      'How long a request may take. The stream is tried for 6 s, and 8 s are kept for what it does not take; the gateway waits 30 s.',
    ),
  concurrency: z
    .int()
    .min(1)
    .default(100)
    .describe('Reserved concurrency. The account must have that many to spare: new accounts have 10 in all.'),
  tracing: z.boolean().default(false).describe('X-Ray, active tracing.'),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO').describe('What the functions log.'),
  logDays: z
    .literal(LOG_DAYS)
    .default(30)
    .describe(
      'How long logs are kept, days; one of those that CloudWatch knows (1, 3, 5, 7, 14, 30, 60, 90 …).',
    ),
})

const stream = z.strictObject({
  mode: z
    .enum(['on-demand', 'provisioned'])
    .default('on-demand')
    .describe('How the stream grows: by itself, or by `shards`.'),
  shards: z
    .int()
    .min(1)
    .max(10_000)
    .default(2)
    .describe('Provisioned only. Each takes 1 MB and 1,000 records a second.'),
  retentionHours: z.int().min(24).max(8760).default(168).describe('How long a record can be read again.'),
})

const quarantine = z.strictObject({
  days: z.int().min(1).max(3650).default(90).describe('How long refused batches are kept.'),
  bufferS: z
    .int()
    .min(60)
    .max(900)
    .default(60)
    .describe('How long Firehose collects before it writes an object.'),
})

const sinks = z.strictObject({
  memoryMb: z.int().min(128).max(10_240).default(512).describe('Memory of each sink.'),
  timeoutS: z
    .int()
    .min(30)
    .max(900)
    .default(60)
    .describe('How long one invocation of a sink may take: what a store may need to answer, and 5 s.'),
  concurrency: z
    .int()
    .min(1)
    .default(32)
    .describe(
      'Reserved concurrency of each sink: at least shards × parallelization factor, or shards wait in turn.',
    ),
  retries: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe(
      'How often Lambda tries a batch again before its records go to the on-failure bucket. 100 outlasts a store that is down for an hour.',
    ),
})

const archive = z.strictObject({
  by: z
    .enum(['lambda', 'firehose', 'off'])
    .default('lambda')
    .describe('What writes the archive: a function, Firehose with a function that transforms, or nothing.'),
  windowS: z
    .int()
    .min(0)
    .max(300)
    .default(60)
    .describe('How long records are collected into an object, by Lambda. Firehose takes 60 at least.'),
  parallelizationFactor: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('Batches of a shard at once. More are more and smaller objects.'),
  infrequentDays: z
    .int()
    .min(30)
    .max(36_500)
    .default(90)
    .describe('After so many days objects of 128 KB and more move to S3 Standard-IA.'),
  glacierDays: z
    .int()
    .min(60)
    .max(36_500)
    .default(365)
    .describe('After so many days they move to Glacier Instant Retrieval, which is read like any other.'),
  days: z.int().min(1).max(36_500).optional().describe('How long the archive is kept. Left out: for good.'),
})

const search = z.strictObject({
  endpoint: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('An OpenSearch of yours, https://…; with `arn`. Without both the stack makes a domain.'),
  arn: z
    .string()
    .regex(/^arn:aws[\w-]*:(es|aoss):/, 'must be an ARN of es or aoss')
    .optional()
    .describe('ARN of that domain (es), or of that serverless collection (aoss).'),
  windowS: z
    .int()
    .min(0)
    .max(300)
    .default(1)
    .describe('How long records are collected before they are indexed.'),
  parallelizationFactor: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('Batches of a shard at once. Order does not matter to this sink.'),
  viewUrl: z
    .boolean()
    .default(false)
    .describe('Gives the function that tells of one view a URL, for IAM principals of the account.'),
  engine: z
    .string()
    .regex(/^OpenSearch_[23]\.\d+$/, 'must be a version like OpenSearch_2.19')
    .default('OpenSearch_2.19')
    .describe('Version of the domain that the stack makes.'),
  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+\.search$/, 'must be a type like m7g.large.search')
    .default('t3.medium.search')
    .describe('Its data nodes. t3 is for trying it out and for some million events a day.'),
  instances: z.int().min(1).max(80).default(2).describe('How many; an even number is spread over two zones.'),
  volumeGb: z.int().min(10).max(3072).default(50).describe('Disk of each (gp3), GB.'),
  masters: z
    .union([z.literal(0), z.literal(3)])
    .default(0)
    .describe('Dedicated master nodes, of the same type: 3 from some ten data nodes on.'),
})

const keys = z.strictObject({
  from: z
    .enum(['ssm', 's3'])
    .default('ssm')
    .describe('Where the keys document is: a parameter (to 8 KB), or an object.'),
  parameter: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'must begin with / and name a parameter, like /viewbeat/keys')
    .default('/viewbeat/keys')
    .describe('Name of the SSM parameter.'),
  document: z
    .custom<KeysDocument>((value) => readKeyBook(value) !== undefined, 'must be an object of keys')
    .superRefine((value, context) => {
      for (const fault of readKeyBook(value)?.faults ?? [])
        context.addIssue({ code: 'custom', message: fault })
    })
    .default({})
    .describe('The keys document, for `ssm`: what deploying writes there. Empty: everyone is answered 403.'),
  refreshS: z
    .int()
    .min(5)
    .max(3600)
    .default(60)
    .describe('How old the document may be in a running function.'),
})

const domain = z.strictObject({
  name: z
    .string()
    .regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'must be a host name, like ingest.example.com')
    .describe('Host name.'),
  certificateArn: arn('acm').describe(
    'Its certificate: in the region of the stack; for CloudFront in us-east-1.',
  ),
  hostedZoneId: z
    .string()
    .min(1)
    .optional()
    .describe('Its zone in Route 53. Without it, you make the DNS record.'),
})

const edge = z.strictObject({
  requestsPer5Minutes: z
    .int()
    .min(10)
    .max(2_000_000_000)
    .optional()
    .describe(
      'WAF: requests an address may send in 5 minutes. Needs the stack in us-east-1; elsewhere give webAclArn.',
    ),
  webAclArn: arn('wafv2').optional().describe('A web ACL of yours (scope CLOUDFRONT) instead.'),
  priceClass: z
    .enum(['PriceClass_100', 'PriceClass_200', 'PriceClass_All'])
    .default('PriceClass_All')
    .describe('Where CloudFront answers.'),
})

const alarms = z.strictObject({
  email: z.email().optional().describe('Who is told. They must confirm the mail that SNS sends.'),
  topicArn: arn('sns').optional().describe('A topic of yours instead of one of the stack.'),
  publishers: z
    .array(z.string().min(1).max(64))
    .optional()
    .describe('Who gets an alarm of their own on refused events. Default: the publishers in keys.document.'),
  rejectedPercent: percent.default(5).describe('Share of a publisher’s events that may be refused.'),
  lostPercent: percent.default(1).describe('Share of events that players may report as lost.'),
  retriedPercent: percent.default(5).describe('Share of batches that may need another try at the stream.'),
  errorPercent: percent.default(1).describe('Share of requests that may be answered 5xx.'),
  retriedRecordsPercent: percent
    .default(5)
    .describe('Share of records that a sink may hand back, to get them again.'),
  refusedWritesPercent: percent
    .default(5)
    .describe('Share of what OpenSearch is given that it may put off (429, 5xx).'),
  lagS: z
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe('How old records may be when a sink gets them, beyond the window in which they are collected.'),
  throttledPercent: percent.default(5).describe('Share of requests that may be answered 429.'),
  p99Ms: z.int().min(10).max(29_000).default(1000).describe('What 99 of 100 requests must stay under.'),
  minimum: z
    .int()
    .min(1)
    .default(100)
    .describe('Shares of fewer than so many in 5 minutes say nothing, and alarm nobody.'),
  silenceMinutes: z
    .int()
    .min(5)
    .max(1440)
    .multipleOf(5)
    .optional()
    .describe('Alarm when no request came for so long. Leave it out where nights are quiet.'),
  runbook: z
    .string()
    .min(1)
    .default('docs/operating.md')
    .describe('Where docs/operating.md is for whoever is woken: named in each alarm.'),
})

/** What can be chosen about a deployment. Every setting has a default; `{}` is a whole deployment. */
export const settings = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,30}$/, 'must be 2 to 31 lower-case letters, digits and -, a letter first')
      .default('viewbeat')
      .describe('Name of the stack, and what the names of its alarms begin with.'),
    gateway: gateway.prefault({}),
    lambda: lambda.prefault({}),
    stream: stream.prefault({}),
    quarantine: quarantine.prefault({}),
    sinks: sinks.prefault({}),
    archive: archive.prefault({}),
    search: search.optional().describe('OpenSearch. Left out: there is none.'),
    keys: keys.prefault({}),
    domain: domain.optional(),
    edge: edge.optional(),
    alarms: alarms.prefault({}),
  })
  .check(({ value, issues }) => {
    const refuse = (path: string[], message: string) =>
      void issues.push({ code: 'custom', path, message, input: value })
    const { shards, mode } = value.stream
    for (const [name, on, factor] of [
      ['archive', value.archive.by === 'lambda', value.archive.parallelizationFactor],
      ['search', value.search !== undefined, value.search?.parallelizationFactor ?? 1],
    ] as const)
      if (on && mode === 'provisioned' && shards * factor > value.sinks.concurrency)
        refuse(
          ['sinks', 'concurrency'],
          `${name} reads ${shards} shards × ${factor} at once: give it ${shards * factor} or more`,
        )
    if (value.archive.glacierDays < value.archive.infrequentDays + 30)
      refuse(['archive', 'glacierDays'], 'must be 30 days or more after infrequentDays: S3 asks for that')
    if (value.archive.by === 'firehose' && value.archive.windowS < 60)
      refuse(['archive', 'windowS'], 'must be 60 or more with archive.by firehose')
    if (value.search && !value.search.endpoint !== !value.search.arn)
      refuse(
        ['search', value.search.endpoint ? 'arn' : 'endpoint'],
        'is needed with the other: give both, or neither for a domain of the stack',
      )
    if (value.domain && !value.edge && value.gateway.kind === 'function-url')
      refuse(
        ['domain'],
        'a function URL has no domain of its own: add "edge": {}, or choose gateway.kind http-api',
      )
    if (value.edge && value.domain && value.domain.certificateArn.split(':')[3] !== 'us-east-1')
      refuse(
        ['domain', 'certificateArn'],
        'CloudFront takes certificates of us-east-1 only: ask ACM for one there',
      )
    if (value.edge?.requestsPer5Minutes && value.edge.webAclArn)
      refuse(['edge', 'webAclArn'], 'give this or requestsPer5Minutes, not both')
    if (value.keys.from === 's3' && Object.keys(value.keys.document).length > 0)
      refuse(['keys', 'document'], 'is for keys.from ssm: upload keys.json to the keys bucket instead')
    if (JSON.stringify(value.keys.document).length > 8192)
      refuse(['keys', 'document'], 'a parameter holds 8 KB: choose keys.from s3')
    if (value.alarms.email && value.alarms.topicArn)
      refuse(['alarms', 'email'], 'give this or topicArn, not both: subscribe the address to your topic')
  })

/** What was chosen, defaults filled in. */
export type Settings = z.output<typeof settings>
