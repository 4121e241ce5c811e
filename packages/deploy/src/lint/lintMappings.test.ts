import { App, Stack } from 'aws-cdk-lib'
import { AttributeType, type ITable, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Stream } from 'aws-cdk-lib/aws-kinesis'
import { Code, Function as LambdaFunction, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import {
  DynamoEventSource,
  KinesisEventSource,
  type KinesisEventSourceProps,
  S3OnFailureDestination,
  SqsDlq,
  SqsEventSource,
} from 'aws-cdk-lib/aws-lambda-event-sources'
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { describe, expect, it } from 'vitest'
import { synthesize, variants } from '../../test/variants.ts'
import { createDeployApp } from '../createDeployApp.ts'
import { type LintedTemplate, lintMappings } from './lintMappings.ts'

const FINITE = {
  EventSourceArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/events',
  FunctionName: 'reader',
  StartingPosition: 'TRIM_HORIZON',
  MaximumRetryAttempts: 10,
  MaximumRecordAgeInSeconds: 3600,
  BisectBatchOnFunctionError: true,
  DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::discarded' } },
}

const lint = (properties: Record<string, unknown>, more: Partial<LintedTemplate> = {}) =>
  lintMappings({
    ...more,
    Resources: {
      Reader: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...FINITE, ...properties } },
      ...more.Resources,
    },
  }).map(({ mapping, property }) => `${mapping}.${property}`)

/** What CDK's own constructs make, with the reader as `build` adds it. */
const withCdk = (build: (stack: Stack, reader: LambdaFunction) => void) => {
  const app = new App({ analyticsReporting: false })
  const stack = new Stack(app, 'theirs')
  const reader = new LambdaFunction(stack, 'Reader', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  })
  build(stack, reader)
  return app.synth().getStackByName('theirs').template as LintedTemplate
}

const ALL = [
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'DestinationConfig',
]

describe('the lint of mappings', { timeout: 60_000 }, () => {
  it('has nothing to say of a mapping in which everything has an end', () => {
    expect(lint({})).toEqual([])
  })

  it.each(Object.entries(variants))('has nothing to say of our own stack: %s', (_, input) => {
    expect(lintMappings(synthesize(input))).toEqual([])
  })

  it('finds all four in a mapping with Lambda’s defaults, as CDK makes it', () => {
    const template = withCdk((stack, reader) => {
      const startingPosition = StartingPosition.LATEST
      reader.addEventSource(new KinesisEventSource(new Stream(stack, 'Stream'), { startingPosition }))
      const table = new TableV2(stack, 'Table', {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        dynamoStream: StreamViewType.NEW_IMAGE,
      })
      reader.addEventSource(new DynamoEventSource(table as unknown as ITable, { startingPosition }))
      reader.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')))
    })
    const faults = lintMappings(template)
    const kinesis = faults.filter(({ mapping }) => mapping.includes('Kinesis'))
    const dynamo = faults.filter(({ mapping }) => mapping.includes('Dynamo'))
    expect(kinesis.map(({ property }) => property)).toEqual(ALL)
    expect(dynamo.map(({ property }) => property)).toEqual(ALL)
    expect(faults).toHaveLength(8)
  })

  it('reads what CDK makes of an S3 destination, and minds a queue', () => {
    const [toBucket, toQueue] = [
      (stack: Stack) => new S3OnFailureDestination(new Bucket(stack, 'Discarded') as unknown as IBucket),
      (stack: Stack) => new SqsDlq(new Queue(stack, 'Dlq')),
    ].map((destination) =>
      withCdk((stack, reader) => {
        reader.addEventSource(
          new KinesisEventSource(new Stream(stack, 'Stream'), {
            startingPosition: StartingPosition.LATEST,
            retryAttempts: 10,
            bisectBatchOnError: true,
            onFailure: destination(stack),
          } as KinesisEventSourceProps),
        )
      }),
    )
    expect(lintMappings(toBucket!).map(({ property }) => property)).toEqual(['MaximumRecordAgeInSeconds'])
    expect(lintMappings(toQueue!).map(({ property }) => property)).toEqual([
      'MaximumRecordAgeInSeconds',
      'DestinationConfig',
    ])
  })

  it.each([
    ['MaximumRetryAttempts', undefined],
    ['MaximumRetryAttempts', -1],
    ['MaximumRetryAttempts', { 'Fn::ImportValue': 'retries' }],
    ['MaximumRecordAgeInSeconds', undefined],
    ['MaximumRecordAgeInSeconds', -1],
    ['MaximumRecordAgeInSeconds', 30],
    ['MaximumRecordAgeInSeconds', { Ref: 'AWS::NoValue' }],
    ['BisectBatchOnFunctionError', undefined],
    ['BisectBatchOnFunctionError', false],
    ['DestinationConfig', undefined],
    ['DestinationConfig', {}],
    ['DestinationConfig', { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:123456789012:dlq' } }],
    ['DestinationConfig', { OnFailure: { Destination: 'arn:aws:sns:eu-west-1:123456789012:dlq' } }],
  ])('minds %s: %j, and nothing else of it', (property, value) => {
    expect(lint({ [property]: value })).toEqual([`Reader.${property}`])
  })

  it('minds an age that the stream of the same template does not remember', () => {
    const stream = (properties: Record<string, unknown>) => ({
      Resources: { Stream: { Type: 'AWS::Kinesis::Stream', Properties: properties } },
    })
    const day = { EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] }, MaximumRecordAgeInSeconds: 86_400 }
    expect(lint(day, stream({}))).toEqual(['Reader.MaximumRecordAgeInSeconds'])
    expect(lint(day, stream({ RetentionPeriodHours: 24 }))).toEqual(['Reader.MaximumRecordAgeInSeconds'])
    expect(lint(day, stream({ RetentionPeriodHours: 48 }))).toEqual([])
  })

  it('reads parameters by their defaults', () => {
    const Parameters = { Retries: { Default: 5 }, Endless: { Default: '-1' } }
    expect(lint({ MaximumRetryAttempts: { Ref: 'Retries' } }, { Parameters })).toEqual([])
    expect(lint({ MaximumRetryAttempts: { Ref: 'Endless' } }, { Parameters })).toEqual([
      'Reader.MaximumRetryAttempts',
    ])
  })

  it('reads the events of SAM', () => {
    const event = {
      Type: 'Kinesis',
      Properties: { Stream: FINITE.EventSourceArn, StartingPosition: 'LATEST' },
    }
    const Resources = { Api: { Type: 'AWS::Serverless::Function', Properties: { Events: { Read: event } } } }
    expect(lintMappings({ Resources }).map(({ mapping, property }) => `${mapping}.${property}`)).toEqual(
      ALL.map((property) => `Api.Read.${property}`),
    )
  })

  it('leaves Kafka alone, which has other rules', () => {
    const Resources = {
      Kafka: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { Topics: ['events'], StartingPosition: 'LATEST' },
      },
    }
    expect(lintMappings({ Resources })).toEqual([])
  })

  it('stops the synthesis of an app of ours that has such a mapping', () => {
    const app = createDeployApp({})
    const stack = new Stack(app, 'careless')
    const reader = new LambdaFunction(stack, 'Reader', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {}'),
    })
    reader.addEventSourceMapping('Endless', {
      eventSourceArn: FINITE.EventSourceArn,
      startingPosition: StartingPosition.LATEST,
    })
    expect(() => app.synth()).toThrow('finite-MaximumRetryAttempts')
  })
})
