import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Template as Assertions, Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import type { Template } from '../src/plain/toPlainTemplate.ts'
import { writePlain } from '../src/plain/writePlain.ts'
import { ROUTES } from '../src/resources/createGateway.ts'
import { checkSettings } from '../src/settings/readSettings.ts'
import { synthesize, variants } from './variants.ts'

const templates = Object.fromEntries(
  Object.entries(variants).map(([name, input]) => [name, synthesize(input)]),
) as Record<keyof typeof variants, Template>
const all = Object.entries(templates)

const ofType = ({ Resources }: Template, type: string) =>
  Object.entries(Resources).filter(([, resource]) => resource.Type === type)

const assertions = (name: keyof typeof variants) => Assertions.fromJSON(templates[name])

interface Statement {
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource: unknown
  Principal?: unknown
}

/** What roles may do, each with the role's name. */
const permissions = (template: Template) =>
  ofType(template, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
    ((Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource, Effect }) =>
        [Resource]
          .flat()
          .flatMap((resource) =>
            [Action].flat().map((action) => ({ role, Effect, action, resource: JSON.stringify(resource) })),
          ),
      ),
  )

describe('a role', () => {
  it.each(all)('of %s may do what is named, and nothing by *', (_, template) => {
    for (const { role, action, Effect } of permissions(template)) {
      expect(Effect, role).toBe('Allow')
      expect(action, role).toMatch(/^[a-z0-9]+:[A-Za-z]+$/)
    }
  })

  it.each(all)('of %s may do it to what is named, but for the names of objects, and X-Ray', (_, template) => {
    const open = permissions(template).filter(({ resource }) => resource.includes('*'))
    for (const { action, resource } of open)
      if (action.startsWith('xray:')) expect(resource).toBe('"*"')
      else {
        expect(action).toMatch(
          /^(s3:(PutObject|GetObject|DeleteObject|AbortMultipartUpload)|es:ESHttp(Get|Post))$/,
        )
        expect(resource).toMatch(
          action.startsWith('es:')
            ? /(SearchDomain","Arn".*"|domain\/ours)\/viewbeat-\*"/
            : /"((Quarantine|Archive)Bucket","Arn".*"|SpillBucket","Arn".*"\/spill|OnFailureBucket","Arn".*"\/aws\/lambda|ArchiveBucket","Arn".*"\/events)\/\*"/,
        )
      }
  })

  it.each(all)('of %s has no policy that somebody else may change', (_, template) => {
    for (const [, { Properties }] of ofType(template, 'AWS::IAM::Role'))
      expect(Properties).not.toHaveProperty('ManagedPolicyArns')
    expect(ofType(template, 'AWS::IAM::Policy')).toEqual([])
  })

  it.each([
    ['ArchiveRole', ['s3:PutObject <ArchiveBucket>/events/*']],
    [
      'SearchRole',
      [
        'es:ESHttpGet <SearchDomain>/viewbeat-*',
        'es:ESHttpPost <SearchDomain>/_bulk',
        'es:ESHttpPost <SearchDomain>/viewbeat-*',
      ],
    ],
  ])(
    'of a sink, %s, reads the stream, gives up to the bucket for it, and writes to its store only',
    (of, its) => {
      const resource = (json: string) =>
        json
          .replaceAll(/\{"Fn::GetAtt":\["(\w+)","Arn"\]\}/g, '<$1>')
          .replace(/^\{"Fn::Join":\["",\[<(\w+)>,"(.*)"\]\]\}$/, '<$1>$2')
      const allowed = permissions(templates['with publishers'])
        .filter(({ role }) => role === of)
        .map(({ action, resource: json }) => `${action} ${resource(json)}`)
      const logs = `<${of.replace('Role', 'Logs')}>`
      expect(allowed.toSorted()).toEqual(
        [
          ...its,
          'firehose:PutRecordBatch <Quarantine>',
          'kinesis:DescribeStream <Stream>',
          'kinesis:DescribeStreamSummary <Stream>',
          'kinesis:GetRecords <Stream>',
          'kinesis:GetShardIterator <Stream>',
          'kinesis:ListShards <Stream>',
          'kms:Decrypt <DataKey>',
          'kms:GenerateDataKey <DataKey>',
          `logs:CreateLogStream ${logs}`,
          `logs:PutLogEvents ${logs}`,
          's3:ListBucket <OnFailureBucket>',
          's3:PutObject <OnFailureBucket>/aws/lambda/*',
        ].toSorted(),
      )
    },
  )

  it('of serverless search is for that collection', () => {
    const allowed = permissions(templates['serverless search']).filter(({ action }) =>
      action.startsWith('aoss:'),
    )
    expect(allowed.map(({ role, resource }) => `${role} ${resource}`)).toEqual([
      'SearchRole "arn:aws:aoss:eu-west-1:123456789012:collection/0"',
      'ViewRole "arn:aws:aoss:eu-west-1:123456789012:collection/0"',
    ])
  })

  it('of the ingest cannot read what it has stored', () => {
    const actions = permissions(templates.default)
      .filter(({ role }) => role === 'IngestRole')
      .map(({ action }) => action)
    expect(actions.toSorted()).toEqual([
      'firehose:PutRecordBatch',
      'kinesis:PutRecords',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'ssm:GetParameter',
    ])
  })

  it('of the drain can write back what of an object the stream did not take', () => {
    const actions = permissions(templates.default)
      .filter(({ role }) => role === 'DrainRole')
      .map(({ action }) => action)
    expect(actions.filter((action) => action.startsWith('s3:')).toSorted()).toEqual([
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ])
  })
})

describe('a bucket', () => {
  it.each(all)('of %s is encrypted under the key, private, and reached by TLS 1.2 only', (_, template) => {
    const buckets = ofType(template, 'AWS::S3::Bucket')
    expect(buckets.length).toBeGreaterThanOrEqual(2)
    for (const [name, bucket] of buckets) {
      expect(bucket.Properties, name).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              ServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                KMSMasterKeyID: { 'Fn::GetAtt': ['DataKey', 'Arn'] },
              },
            },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      })
      const policy = template.Resources[`${name}Policy`]!
      expect(policy.Properties.Bucket).toEqual({ Ref: name })
      const { Statement } = policy.Properties.PolicyDocument as {
        Statement: (Statement & { Condition: object })[]
      }
      expect(Statement.map(({ Effect, Principal, Condition }) => ({ Effect, Principal, Condition }))).toEqual(
        [
          { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          { Effect: 'Deny', Principal: '*', Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
        ],
      )
    }
  })

  it('of quarantine forgets after 90 days; of the spill store never, for what is there is nowhere else', () => {
    const rules = (name: string) =>
      (templates.default.Resources[name]!.Properties.LifecycleConfiguration as { Rules: object[] }).Rules
    expect(rules('QuarantineBucket')).toMatchObject([{ Status: 'Enabled', ExpirationInDays: 90 }])
    expect(rules('SpillBucket')[0]).not.toHaveProperty('ExpirationInDays')
    expect(rules('SpillBucket')[0]).toMatchObject({ NoncurrentVersionExpiration: { NoncurrentDays: 7 } })
  })

  it('of the archive never forgets unless it is told to, and gets cheaper with age', () => {
    const rule = (name: keyof typeof variants) =>
      (
        templates[name].Resources.ArchiveBucket!.Properties.LifecycleConfiguration as {
          Rules: { ExpirationInDays?: number; Transitions?: object[] }[]
        }
      ).Rules[0]!
    const transitions = [
      { StorageClass: 'STANDARD_IA', TransitionInDays: 90 },
      { StorageClass: 'GLACIER_IR', TransitionInDays: 365 },
    ]
    expect(rule('default')).toMatchObject({ Transitions: transitions })
    expect(rule('default')).not.toHaveProperty('ExpirationInDays')
    expect(rule('large search')).toMatchObject({ ExpirationInDays: 400, Transitions: transitions })
    // S3 refuses a step that comes after the end.
    expect(rule('archive by Firehose')).toMatchObject({ ExpirationInDays: 30 })
    expect(rule('archive by Firehose')).not.toHaveProperty('Transitions')
    expect(templates.default.Resources.ArchiveBucket!.Properties.VersioningConfiguration).toEqual({
      Status: 'Enabled',
    })
  })
})

describe('the stream', () => {
  it('keeps records for 7 days, encrypted under a key that is rotated', () => {
    assertions('default').hasResourceProperties('AWS::Kinesis::Stream', {
      RetentionPeriodHours: 168,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: { 'Fn::GetAtt': ['DataKey', 'Arn'] } },
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      ShardCount: Match.absent(),
    })
    assertions('default').hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true })
  })

  it('has the shards that are asked for', () => {
    assertions('function URL').hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 3,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    })
  })

  it.each(all)('of %s, and all that holds data, is still there when the stack is deleted', (_, template) => {
    for (const type of ['AWS::Kinesis::Stream', 'AWS::S3::Bucket', 'AWS::KMS::Key'])
      for (const [name, resource] of ofType(template, type))
        expect(resource, name).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
  })
})

describe('the quarantine', () => {
  it('is gzipped lines by the hour, encrypted on the way and where they rest', () => {
    assertions('default').hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        CompressionFormat: 'GZIP',
        Prefix: 'quarantine/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        ErrorOutputPrefix: Match.stringLikeRegexp('^undelivered/'),
        EncryptionConfiguration: {
          KMSEncryptionConfig: { AWSKMSKeyARN: { 'Fn::GetAtt': ['DataKey', 'Arn'] } },
        },
      },
    })
  })
})

describe('a function', () => {
  it.each(all)('of %s has a bound on its time, its memory and how many run', (_, template) => {
    const functions = ofType(template, 'AWS::Lambda::Function')
    expect(functions.length).toBeGreaterThanOrEqual(2)
    for (const [name, { Properties }] of functions) {
      expect(Properties, name).toMatchObject({ Architectures: ['arm64'], MemorySize: 512 })
      expect(Properties.Timeout, name).toBeLessThanOrEqual(60)
      expect(Properties.ReservedConcurrentExecutions, name).toBeGreaterThan(0)
      expect(Properties.Runtime, name).toMatch(/^nodejs2[24]\.x$/)
    }
  })

  it('is there for what the settings ask for', () => {
    const functions = Object.fromEntries(
      all.map(([name, template]) => [
        name,
        ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.Handler),
      ]),
    )
    expect(functions).toMatchObject({
      default: ['archive.handler', 'index.handler', 'index.drain'],
      'with publishers': [
        'archive.handler',
        'search.handler',
        'view.handler',
        'index.handler',
        'index.drain',
      ],
      'search of yours': ['search.handler', 'view.handler', 'index.handler', 'index.drain'],
      'archive by Firehose': ['firehose.handler', 'index.handler', 'index.drain'],
      'no sinks': ['index.handler', 'index.drain'],
    })
  })

  it('that answers viewers answers before the gateway gives up', () => {
    const timeout = templates.default.Resources.Ingest!.Properties.Timeout as number
    assertions('default').hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      PayloadFormatVersion: '2.0',
      TimeoutInMillis: (timeout + 1) * 1000,
    })
  })

  it('is told where everything is', () => {
    const { Variables } = templates.default.Resources.Ingest!.Properties.Environment as {
      Variables: Record<string, unknown>
    }
    expect(Variables).toEqual({
      POWERTOOLS_SERVICE_NAME: 'viewbeat-ingest',
      POWERTOOLS_METRICS_NAMESPACE: 'Viewbeat',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      VIEWBEAT_STREAM: { Ref: 'Stream' },
      VIEWBEAT_KEYS: 'ssm:/viewbeat/keys',
      VIEWBEAT_KEYS_REFRESH_S: '60',
      VIEWBEAT_QUARANTINE: { 'Fn::Join': ['', ['firehose:', { Ref: 'Quarantine' }]] },
      VIEWBEAT_SPILL: { 'Fn::Join': ['', ['s3://', { Ref: 'SpillBucket' }, '/spill']] },
    })
  })

  it('reads the address of a viewer from a header only where CloudFront writes it', () => {
    for (const [name, { Resources }] of all)
      expect(JSON.stringify(Resources.Ingest).includes('VIEWBEAT_IP_HEADER'), name).toBe(
        name.includes('CloudFront'),
      )
  })

  it('that drains runs every minute, alone, and is not tried again', () => {
    assertions('default').hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } })],
    })
    assertions('default').hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.drain',
      ReservedConcurrentExecutions: 1,
    })
    assertions('default').hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: 'Drain' },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    })
  })

  it.each(all)('of %s, and everything else that logs, is forgotten after 30 days', (_, template) => {
    const groups = ofType(template, 'AWS::Logs::LogGroup')
    expect(groups.length).toBeGreaterThanOrEqual(3)
    for (const [name, { Properties }] of groups) expect(Properties.RetentionInDays, name).toBe(30)
  })
})

describe('a mapping', () => {
  it.each(all)('of %s ends every try, and keeps what it gives up', (_, template) => {
    for (const [name, { Properties }] of ofType(template, 'AWS::Lambda::EventSourceMapping')) {
      expect(Properties, name).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10_000,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 100,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['OnFailureBucket', 'Arn'] } } },
        MetricsConfig: { Metrics: ['EventCount'] },
      })
      expect(Properties, name).not.toHaveProperty('FilterCriteria')
    }
  })

  it('collects for a minute for the archive and a second for search', () => {
    const of = (name: string) => templates['with publishers'].Resources[name]!.Properties
    expect(of('ArchiveMapping')).toMatchObject({
      MaximumBatchingWindowInSeconds: 60,
      ParallelizationFactor: 1,
    })
    expect(of('SearchMapping')).toMatchObject({ MaximumBatchingWindowInSeconds: 1, ParallelizationFactor: 2 })
  })

  it.each([
    [24, 18 * 3600],
    [168, 126 * 3600],
    [8760, 604_800],
  ])('of a stream of %d h gives up what is over %d s old, while the stream still has it', (hours, age) => {
    const { Resources } = synthesize({ stream: { retentionHours: hours } })
    expect(Resources.ArchiveMapping!.Properties.MaximumRecordAgeInSeconds).toBe(age)
  })

  it.each(all)('of %s is one of at most three readers of the stream', (_, template) => {
    const readers = [
      ...ofType(template, 'AWS::Lambda::EventSourceMapping'),
      ...ofType(template, 'AWS::KinesisFirehose::DeliveryStream').filter(
        ([, { Properties }]) => 'KinesisStreamSourceConfiguration' in Properties,
      ),
    ]
    expect(readers.length).toBeLessThanOrEqual(3)
  })
})

describe('search', () => {
  it('is a domain that is encrypted, reached by HTTPS, and whose master is a role of its own', () => {
    assertions('with publishers').hasResource('AWS::OpenSearchService::Domain', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        EncryptionAtRestOptions: { Enabled: true, KmsKeyId: { Ref: 'DataKey' } },
        NodeToNodeEncryptionOptions: { Enabled: true },
        DomainEndpointOptions: Match.objectLike({ EnforceHTTPS: true }),
        AdvancedSecurityOptions: {
          Enabled: true,
          InternalUserDatabaseEnabled: false,
          MasterUserOptions: { MasterUserARN: { 'Fn::GetAtt': ['SearchAdminRole', 'Arn'] } },
        },
        AccessPolicies: {
          Version: '2012-10-17',
          Statement: [Match.objectLike({ Principal: { AWS: { 'Fn::GetAtt': ['SearchAdminRole', 'Arn'] } } })],
        },
      }),
    })
  })

  it('may be one of yours, by its own kind of signature', () => {
    const environment = (name: keyof typeof variants, of: string) =>
      (templates[name].Resources[of]!.Properties.Environment as { Variables: Record<string, unknown> })
        .Variables
    for (const of of ['Search', 'View']) {
      expect(environment('search of yours', of)).toMatchObject({
        VIEWBEAT_SEARCH: 'https://search.pub.example',
        VIEWBEAT_SEARCH_SERVICE: 'es',
      })
      expect(environment('serverless search', of)).toMatchObject({ VIEWBEAT_SEARCH_SERVICE: 'aoss' })
    }
    expect(ofType(templates['search of yours'], 'AWS::OpenSearchService::Domain')).toEqual([])
  })

  it('answers on one view by a URL for signed requests only, where it was asked for', () => {
    const urls = all.flatMap(([name, template]) =>
      ofType(template, 'AWS::Lambda::Url')
        .filter(([id]) => id !== 'Url')
        .map(([, { Properties }]) => [name, Properties.AuthType]),
    )
    expect(urls).toEqual([['search of yours', 'AWS_IAM']])
  })
})

describe('the archive by Firehose', () => {
  it('is partitioned as the function’s, with what fails beside it', () => {
    assertions('archive by Firehose').hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      ExtendedS3DestinationConfiguration: Match.objectLike({
        Prefix: 'events/dt=!{partitionKeyFromLambda:dt}/hour=!{partitionKeyFromLambda:hour}/',
        ErrorOutputPrefix: Match.stringLikeRegexp('^undelivered/!{firehose:error-output-type}/'),
        DynamicPartitioningConfiguration: Match.objectLike({ Enabled: true }),
        CompressionFormat: 'GZIP',
        FileExtension: '.ndjson.gz',
      }),
    })
  })

  it('reads the stream by itself: no mapping, and no bucket for what one gives up', () => {
    const found = templates['archive by Firehose']
    expect(ofType(found, 'AWS::Lambda::EventSourceMapping')).toEqual([])
    expect(found.Resources).not.toHaveProperty('OnFailureBucket')
  })
})

describe('the gateway', () => {
  it('lets through so many requests, and answers nothing but the ingest’s paths', () => {
    assertions('default').hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 5000, ThrottlingBurstLimit: 5000 },
    })
    const routes = ofType(templates.default, 'AWS::ApiGatewayV2::Route')
    expect(routes.map(([, { Properties }]) => Properties.RouteKey)).toEqual(ROUTES)
  })

  it('logs each request without an address, a user agent or a key', () => {
    const { AccessLogSettings } = templates.default.Resources.ApiStage!.Properties
    const { Format } = AccessLogSettings as { Format: string }
    expect(Object.keys(JSON.parse(Format))).toContain('status')
    expect(Format).not.toMatch(/identity|userAgent|querystring|\$context\.path|sourceIp/i)
  })

  it('may call the function, and no other API may', () => {
    const [, permission] = ofType(templates.default, 'AWS::Lambda::Permission').find(
      ([name]) => name === 'ApiPermission',
    )!
    expect(permission.Properties.Principal).toBe('apigateway.amazonaws.com')
    expect(JSON.stringify(permission.Properties.SourceArn)).toMatch(/execute-api.*\{"Ref":"Api"\}.*\/\*\/\*/)
  })

  it('may be a function URL, which needs two permissions since October 2025', () => {
    const template = templates['function URL']
    expect(ofType(template, 'AWS::ApiGatewayV2::Api')).toEqual([])
    const open = ofType(template, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === '*',
    )
    expect(open.map(([, { Properties }]) => Properties)).toMatchObject([
      { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ])
  })

  it('may have a name of yours, by TLS 1.2', () => {
    assertions('own domain').hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainNameConfigurations: [Match.objectLike({ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' })],
    })
    assertions('own domain').resourceCountIs('AWS::Route53::RecordSet', 2)
  })
})

describe('CloudFront', () => {
  it('keeps nothing, passes on what the ingest reads, and neither cookies nor Host', () => {
    const found = assertions('CloudFront')
    found.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: Match.objectLike({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 0 }),
    })
    const { OriginRequestPolicyConfig: config } = templates.CloudFront.Resources.EdgeForward!.Properties as {
      OriginRequestPolicyConfig: {
        CookiesConfig: object
        HeadersConfig: { Headers: string[] }
        QueryStringsConfig: object
      }
    }
    expect(config.CookiesConfig).toEqual({ CookieBehavior: 'none' })
    expect(config.QueryStringsConfig).toEqual({ QueryStringBehavior: 'all' })
    expect(config.HeadersConfig.Headers).toContain('CloudFront-Viewer-Address')
    expect(config.HeadersConfig.Headers).not.toContain('Host')
    expect(config.HeadersConfig.Headers.length).toBeLessThanOrEqual(10)
  })

  it('is reached and reaches by TLS only', () => {
    assertions('CloudFront with firewall and domain').hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({
        Aliases: ['ingest.pub.example'],
        DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: 'https-only' }),
        Origins: [
          Match.objectLike({
            CustomOriginConfig: Match.objectLike({
              OriginProtocolPolicy: 'https-only',
              OriginSSLProtocols: ['TLSv1.2'],
            }),
          }),
        ],
        ViewerCertificate: Match.objectLike({ MinimumProtocolVersion: 'TLSv1.2_2021' }),
      }),
    })
  })

  it('blocks an address that sends too much, where its firewall can be made', () => {
    const template = templates['CloudFront with firewall and domain']
    assertions('CloudFront with firewall and domain').hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      Rules: [
        Match.objectLike({
          Statement: {
            RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 3000 },
          },
        }),
      ],
    })
    expect(template.Rules).toMatchObject({
      FirewallRegion: { Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } }] },
    })
  })
})

describe('the plain template', { timeout: 60_000 }, () => {
  it.each(all)(
    'of %s asks for where the zip is and nothing else, in an account that CDK never saw',
    (_, template) => {
      expect(Object.keys(template.Parameters)).toEqual(['CodeBucket', 'CodeKey'])
      expect(JSON.stringify(template)).not.toMatch(/cdk-hnb659fds|cdk-bootstrap|AWS::CDK|aws:cdk/)
    },
  )

  it.each(all)('of %s is within what CloudFormation takes', (_, template) => {
    expect(Object.keys(template.Resources).length).toBeLessThan(500)
    expect(JSON.stringify(template, null, 2).length).toBeLessThan(1024 * 1024)
    for (const { Description } of Object.values(template.Outputs)) expect(Description).toBeTruthy()
  })

  it.each(all)('of %s says where to post', (_, { Outputs }) => {
    expect(JSON.stringify(Outputs.Endpoint!.Value)).toMatch(/https:\/\/.*\/v1\/events/)
  })

  it('is the same bytes for the same settings and code, and older code goes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'viewbeat-plain-'))
    const code = { fileName: 'viewbeat-0123456789abcdef.zip', zip: Buffer.from('zip') }
    const settings = checkSettings(variants['with publishers'], 'test')
    await writePlain(settings, { ...code, fileName: 'viewbeat-ffffffffffffffff.zip' }, folder)
    const { templateFile } = await writePlain(settings, code, folder)
    const first = await readFile(templateFile)
    await writePlain(settings, code, folder)
    expect(await readFile(templateFile)).toEqual(first)
    expect(await readdir(folder)).toEqual([code.fileName, 'viewbeat.template.json'])
    await rm(folder, { recursive: true })
  })
})
