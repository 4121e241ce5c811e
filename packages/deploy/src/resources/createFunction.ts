import type { Stack } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { createLogGroup } from './createLogGroup.ts'
import { createRole, type Permission } from './createRole.ts'

/** Where the functions' zip is. */
export interface CodeLocation {
  s3Bucket: string
  s3Key: string
}

/** What a function of this stack is made of. */
export interface FunctionProps {
  code: CodeLocation
  /** `index.handler` */
  handler: string
  description: string
  timeoutS: number
  concurrency: number
  environment: Record<string, string>
  permissions: readonly Permission[]
}

/** A Lambda function with a role of its own, a log group that forgets, and a bound on how many run at once. */
export const createFunction = (
  stack: Stack,
  id: string,
  { runtime, memoryMb, tracing, logLevel, logDays }: Settings['lambda'],
  { permissions, environment, timeoutS, concurrency, ...props }: FunctionProps,
): CfnFunction => {
  const logs = createLogGroup(stack, `${id}Logs`, logDays)
  const role = createRole(stack, `${id}Role`, 'lambda.amazonaws.com', [
    // CloudFormation's Arn of a log group ends in ":*", its streams: Lambda names those.
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.attrArn] },
    // X-Ray knows no resources.
    ...(tracing
      ? [{ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }]
      : []),
    ...permissions,
  ])
  if (tracing)
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'X-Ray knows no resources: its two actions take only "*".',
    )
  const made = new CfnFunction(stack, id, {
    ...props,
    runtime,
    architectures: ['arm64'],
    role: role.attrArn,
    memorySize: memoryMb,
    timeout: timeoutS,
    reservedConcurrentExecutions: concurrency,
    // Without the three lines that Lambda adds to each request: they would cost more than the function.
    loggingConfig: { logGroup: logs.ref, logFormat: 'JSON', systemLogLevel: 'WARN' },
    tracingConfig: { mode: tracing ? 'Active' : 'PassThrough' },
    environment: { variables: { ...environment, POWERTOOLS_LOG_LEVEL: logLevel } },
  })
  if (runtime !== 'nodejs24.x')
    acknowledge(
      made,
      'AwsSolutions-L1',
      'Node.js 22 is what the built zip is tested under, and AWS supports it to April 2027; lambda.runtime chooses 24.',
    )
  return made
}
