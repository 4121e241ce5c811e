/**
 * Every price the bill is made of: us-east-1, list, US dollars, without free tier. Nothing else in this folder holds a price.
 * To bring one up to date, read its source, change value and date here, and let the tests say what moves.
 */

/** Up to so much a month (none: for all the rest) a unit costs so much. */
export interface Tier {
  upTo?: number
  usd: number
}

/** One price. */
export interface Price {
  /** What one unit is. */
  unit: string
  /** Cheapest last; one where it does not depend on the amount. */
  tiers: readonly Tier[]
  /** Where AWS says it, to check. */
  source: string
  /** When it was read. */
  read: string
  /** Who said it: AWS's own text, others who wrote about it, or nobody, so that it is assumed. The bill says which. */
  by: 'AWS' | 'others' | 'nobody'
}

const READ = '2026-11-22'

const one = (usd: number, unit: string, source: string, by: Price['by']): Price => ({
  unit,
  tiers: [{ usd }],
  source,
  read: READ,
  by,
})

const GATEWAY = 'https://aws.amazon.com/api-gateway/pricing/'
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/'
const KINESIS = 'https://aws.amazon.com/kinesis/data-streams/pricing/'
const FIREHOSE = 'https://aws.amazon.com/firehose/pricing/'
const CLOUDFRONT = 'https://aws.amazon.com/cloudfront/pricing/'
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/'
const S3 = 'https://aws.amazon.com/s3/pricing/'
const OPENSEARCH = 'https://aws.amazon.com/opensearch-service/pricing/'
const EC2 = 'https://aws.amazon.com/ec2/pricing/on-demand/'

const MILLION = 1e6
/** AWS's GB and TB are powers of 2. */
const TB = 1024

export const PRICES = {
  /** Bodies are metered in steps of 512 KB: a body of the SDK is one. */
  httpApiRequest: {
    unit: 'HTTP API request',
    tiers: [{ upTo: 300 * MILLION, usd: 1.0 / MILLION }, { usd: 0.9 / MILLION }],
    source: GATEWAY,
    read: READ,
    by: 'AWS',
  },
  restApiRequest: {
    unit: 'REST API request',
    tiers: [
      { upTo: 333 * MILLION, usd: 3.5 / MILLION },
      { upTo: 1000 * MILLION, usd: 2.8 / MILLION },
      { upTo: 20_000 * MILLION, usd: 2.38 / MILLION },
      { usd: 1.51 / MILLION },
    ],
    source: GATEWAY,
    read: READ,
    by: 'AWS',
  },
  cloudFrontRequest: one(
    0.01 / 10_000,
    'CloudFront request, viewers in the US or Europe',
    CLOUDFRONT,
    'nobody',
  ),
  cloudFrontToOrigin: one(0.02, 'GB from CloudFront to the origin', CLOUDFRONT, 'nobody'),
  cloudFrontOut: {
    unit: 'GB from CloudFront to viewers in the US or Europe',
    tiers: [
      { upTo: 10 * TB, usd: 0.085 },
      { upTo: 50 * TB, usd: 0.08 },
      { upTo: 150 * TB, usd: 0.06 },
      { usd: 0.04 },
    ],
    source: CLOUDFRONT,
    read: READ,
    by: 'AWS',
  },
  dataOut: {
    unit: 'GB out to the internet',
    tiers: [
      { upTo: 10 * TB, usd: 0.09 },
      { upTo: 50 * TB, usd: 0.085 },
      { upTo: 150 * TB, usd: 0.07 },
      { usd: 0.05 },
    ],
    source: EC2,
    read: READ,
    by: 'others',
  },
  lambdaRequest: one(0.2 / MILLION, 'Lambda request', LAMBDA, 'others'),
  lambdaTime: {
    unit: 'Lambda GB-second, arm64',
    tiers: [{ upTo: 7.5e9, usd: 0.0000133334 }, { upTo: 18.75e9, usd: 0.0000120001 }, { usd: 0.0000106667 }],
    source: LAMBDA,
    read: READ,
    by: 'others',
  },
  shardHour: one(0.015, 'Kinesis shard-hour', KINESIS, 'others'),
  putUnit: one(0.014 / MILLION, 'Kinesis PUT payload unit of 25 KiB', KINESIS, 'others'),
  shardHourRetained: one(0.02, 'Kinesis shard-hour with more than 24 hours of data', KINESIS, 'others'),
  onDemandIn: one(0.08, 'GB into Kinesis on demand, each record rounded up to 1 KiB', KINESIS, 'others'),
  onDemandOut: one(0.04, 'GB read from Kinesis on demand', KINESIS, 'nobody'),
  onDemandStreamHour: one(0.04, 'Kinesis on-demand stream-hour', KINESIS, 'nobody'),
  onDemandRetained: one(0.1, 'GB-month that Kinesis on demand keeps beyond 24 hours', KINESIS, 'nobody'),
  firehoseIn: one(0.029, 'GB into Firehose, each record rounded up to 5 KiB', FIREHOSE, 'others'),
  s3Put: one(0.005 / 1000, 'S3 PUT or LIST', S3, 'others'),
  s3Get: one(0.0004 / 1000, 'S3 GET', S3, 'others'),
  s3Stored: one(0.023, 'S3 GB-month', S3, 'others'),
  s3StoredInfrequent: one(0.0125, 'S3 Standard-IA GB-month', S3, 'nobody'),
  s3StoredGlacier: one(0.004, 'S3 Glacier Instant Retrieval GB-month', S3, 'nobody'),
  s3ToInfrequent: one(0.01 / 1000, 'S3 transition to Standard-IA', S3, 'nobody'),
  s3ToGlacier: one(0.02 / 1000, 'S3 transition to Glacier Instant Retrieval', S3, 'nobody'),
  firehosePartitioned: one(0.02, 'GB that Firehose delivers by partitions', FIREHOSE, 'nobody'),
  firehoseObject: one(0.005 / 1000, 'object that Firehose delivers by partitions', FIREHOSE, 'nobody'),
  searchNodeHour: one(0.073, 'OpenSearch node-hour, t3.medium.search', OPENSEARCH, 'others'),
  searchVolume: one(0.122, 'OpenSearch gp3 GB-month', OPENSEARCH, 'nobody'),
  logsIn: {
    unit: 'GB of logs of Lambda and API Gateway',
    tiers: [
      { upTo: 10 * TB, usd: 0.5 },
      { upTo: 30 * TB, usd: 0.25 },
      { upTo: 50 * TB, usd: 0.1 },
      { usd: 0.05 },
    ],
    source: CLOUDWATCH,
    read: READ,
    by: 'others',
  },
  logsStored: one(0.03, 'GB-month of logs, packed', CLOUDWATCH, 'others'),
  metric: {
    unit: 'CloudWatch metric-month',
    tiers: [{ upTo: 10_000, usd: 0.3 }, { upTo: 250_000, usd: 0.1 }, { usd: 0.05 }],
    source: CLOUDWATCH,
    read: READ,
    by: 'others',
  },
  alarm: one(0.1, 'CloudWatch alarm-month', CLOUDWATCH, 'nobody'),
  key: one(1, 'KMS key-month', 'https://aws.amazon.com/kms/pricing/', 'nobody'),
} as const satisfies Record<string, Price>

/** The name of a price. */
export type PriceName = keyof typeof PRICES
