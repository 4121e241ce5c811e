/** What is wrong with the mapping of a stream. */
export interface MappingFault {
  /** Logical id; of SAM also the event: `Function.Event`. */
  mapping: string
  /** `MaximumRetryAttempts` */
  property: string
  /** What is wrong, and what to write. */
  message: string
}

interface Resource {
  Type: string
  Properties?: Record<string, unknown>
}

/** A CloudFormation template, as far as the lint reads it. SAM's too. */
export interface LintedTemplate {
  Resources: Record<string, Resource>
  Parameters?: Record<string, { Default?: unknown }>
}

/** A week: the oldest that Lambda can be told, s. */
const OLDEST_S = 604_800

/** How long a stream remembers when its template does not say, hours. */
const RETENTION_HOURS = { 'AWS::Kinesis::Stream': 24, 'AWS::DynamoDB::Table': 24 } as const

/** Mappings of these read no stream, or one with other rules. Only streams have a place to start from beside them. */
const OTHER_SOURCES = [
  'AmazonManagedKafkaEventSourceConfig',
  'DocumentDBEventSourceConfig',
  'Queues',
  'SelfManagedEventSource',
  'SelfManagedKafkaEventSourceConfig',
  'Topics',
]

type Properties = Record<string, unknown>

const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null

/** Mappings of streams, of plain CloudFormation and of SAM, with the name of the property that says what they read. */
const mappingsOf = ({
  Resources,
}: LintedTemplate): [name: string, properties: Properties, source: unknown][] =>
  Object.entries(Resources).flatMap(([name, { Type, Properties = {} }]) => {
    if (Type === 'AWS::Lambda::EventSourceMapping')
      return 'StartingPosition' in Properties && !OTHER_SOURCES.some((other) => other in Properties)
        ? [[name, Properties, Properties.EventSourceArn] as [string, Properties, unknown]]
        : []
    if (Type !== 'AWS::Serverless::Function' || !isObject(Properties.Events)) return []
    return Object.entries(Properties.Events as Record<string, Resource>)
      .filter(([, event]) => event.Type === 'Kinesis' || event.Type === 'DynamoDB')
      .map(([event, of]): [string, Properties, unknown] => [
        `${name}.${event}`,
        of.Properties ?? {},
        of.Properties?.Stream,
      ])
  })

/** A value without references to parameters that have a default. `AWS::NoValue` is nothing. */
const plain = (value: unknown, { Parameters }: LintedTemplate): unknown => {
  if (!isObject(value) || typeof value.Ref !== 'string') return value
  if (value.Ref === 'AWS::NoValue') return undefined
  return Parameters?.[value.Ref]?.Default ?? value
}

/** The resource of the same template that a reference leads to. */
const referred = (value: unknown, { Resources }: LintedTemplate): Resource | undefined => {
  if (!isObject(value)) return undefined
  const to = value.Ref ?? [value['Fn::GetAtt']].flat()[0]
  return typeof to === 'string' ? Resources[to.split('.')[0]!] : undefined
}

const retentionOf = (source: unknown, template: LintedTemplate): number | undefined => {
  const resource = referred(source, template)
  if (resource?.Type === 'AWS::DynamoDB::Table') return RETENTION_HOURS['AWS::DynamoDB::Table']
  if (resource?.Type !== 'AWS::Kinesis::Stream') return undefined
  const hours = Number(plain(resource.Properties?.RetentionPeriodHours, template))
  return Number.isFinite(hours) ? hours : RETENTION_HOURS['AWS::Kinesis::Stream']
}

/** A destination that gets only where the records were on the stream. */
const isMetadataOnly = (destination: unknown, template: LintedTemplate) =>
  typeof destination === 'string'
    ? /^arn:[^:]*:(sqs|sns):/.test(destination)
    : /^AWS::(SQS|SNS)::/.test(referred(destination, template)?.Type ?? '')

/**
 * Finds mappings of Kinesis and DynamoDB streams by which records could be lost, or a bad one hold up its shard: Lambda's
 * defaults try for ever, and keep nothing of what the stream forgets meanwhile.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const lintMappings = (template: LintedTemplate): MappingFault[] =>
  mappingsOf(template).flatMap(([mapping, properties, source]) => {
    const faults: MappingFault[] = []
    const fault = (property: string, message: string) => void faults.push({ mapping, property, message })
    const value = (name: string) => plain(properties[name], template)

    const retries = value('MaximumRetryAttempts')
    if (retries === undefined || Number(retries) === -1)
      fault('MaximumRetryAttempts', 'a batch that fails is tried until its records expire: give a number')
    else if (!Number.isInteger(Number(retries)) || Number(retries) < 0)
      fault('MaximumRetryAttempts', 'cannot be read: write a number, or a parameter with a default')

    const age = value('MaximumRecordAgeInSeconds')
    const retention = retentionOf(source, template)
    if (age === undefined || Number(age) === -1)
      fault(
        'MaximumRecordAgeInSeconds',
        'records are given up only when the stream has forgotten them: give seconds',
      )
    else if (!Number.isInteger(Number(age)) || Number(age) < 60 || Number(age) > OLDEST_S)
      fault('MaximumRecordAgeInSeconds', `cannot be: write a number from 60 to ${OLDEST_S}`)
    else if (retention !== undefined && Number(age) >= retention * 3600)
      fault(
        'MaximumRecordAgeInSeconds',
        `the stream forgets after ${retention * 3600} s: give less, or what is given up is gone`,
      )

    if (String(value('BisectBatchOnFunctionError')) !== 'true')
      fault('BisectBatchOnFunctionError', 'one bad record takes its whole batch with it: write true')

    const config = value('DestinationConfig')
    const onFailure = isObject(config) && isObject(config.OnFailure) ? config.OnFailure : {}
    const destination = plain(onFailure.Destination, template)
    if (!destination)
      fault(
        'DestinationConfig',
        'what is given up is kept nowhere: give the ARN of an S3 bucket as OnFailure',
      )
    else if (isMetadataOnly(destination, template))
      fault('DestinationConfig', 'queues and topics get no records, only where they were: give an S3 bucket')
    return faults
  })
