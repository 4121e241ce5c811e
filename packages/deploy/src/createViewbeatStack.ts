import { type App, CfnOutput, type DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib'
import { alarmTable } from './alarms/alarmTable.ts'
import { createAlarms } from './alarms/createAlarms.ts'
import { createTopic } from './alarms/createTopic.ts'
import { createDataKey } from './resources/createDataKey.ts'
import { createAliases, createDomain } from './resources/createDomain.ts'
import { createDrain } from './resources/createDrain.ts'
import { createEdge } from './resources/createEdge.ts'
import type { CodeLocation } from './resources/createFunction.ts'
import { createGateway } from './resources/createGateway.ts'
import { createIngest, METRICS } from './resources/createIngest.ts'
import { createKeys } from './resources/createKeys.ts'
import { createQuarantine } from './resources/createQuarantine.ts'
import { createSinks } from './resources/createSinks.ts'
import { createSpill } from './resources/createSpill.ts'
import { createStream } from './resources/createStream.ts'
import type { Settings } from './settings/settings.ts'

/** The ingest and the sinks in an AWS account, from the data's end to the viewers': what an event reaches last is made first. */
export const createViewbeatStack = (
  app: App,
  settings: Settings,
  {
    locateCode,
    synthesizer,
  }: { locateCode: (stack: Stack) => CodeLocation; synthesizer: DefaultStackSynthesizer },
): Stack => {
  const { name, domain, edge, alarms } = settings
  const stack = new Stack(app, name, {
    description: 'Viewbeat: player events in; on a stream, in an archive, and in OpenSearch',
    // CDK's own class is not of its interface where undefined is told from absent.
    synthesizer: synthesizer as IStackSynthesizer,
  })
  const code = locateCode(stack)
  const key = createDataKey(stack, name)

  const stream = createStream(stack, settings.stream, key)
  const quarantine = createQuarantine(stack, settings.quarantine, settings.lambda.logDays, key)
  const spill = createSpill(stack, key)
  const keys = createKeys(stack, settings.keys, key)

  const sinks = createSinks(stack, settings, { code, key, stream, quarantine: quarantine.deliveryStream })

  const stores = { key, stream, quarantine: quarantine.deliveryStream, spill }
  const ingest = createIngest(stack, settings, { code, keys, ...stores })
  const drain = createDrain(stack, settings, { code, ...stores })

  const gateway = createGateway(stack, settings, ingest)
  const distribution = edge && createEdge(stack, settings, gateway.host)
  if (domain && distribution) createAliases(stack, domain, distribution)
  else if (domain && gateway.api) createDomain(stack, domain, gateway.api)

  const rows = alarmTable(settings, {
    service: METRICS.POWERTOOLS_SERVICE_NAME,
    namespace: METRICS.POWERTOOLS_METRICS_NAMESPACE,
    ingest: ingest.ref,
    drain: drain.ref,
    deliveryStream: quarantine.deliveryStream.ref,
    requests: gateway.requests,
    serverErrors: gateway.serverErrors,
    ...sinks.watched,
  })
  createAlarms(stack, rows, { name, runbook: alarms.runbook, topicArn: createTopic(stack, alarms, key) })

  const host = domain?.name ?? distribution?.dnsName ?? gateway.host
  const outputs = {
    Endpoint: [`https://${host}/v1/events`, 'What the player SDK posts to'],
    StreamName: [stream.ref, 'What sinks read'],
    KeysLocation: [keys.location, 'The keys document'],
    QuarantineLocation: [`s3://${quarantine.bucket.ref}/quarantine`, 'For viewbeat-quarantine'],
    SpillLocation: [`s3://${spill.ref}/spill`, 'Accepted records that wait for the stream'],
    ...sinks.outputs,
  }
  for (const [id, [value, description]] of Object.entries(outputs))
    new CfnOutput(stack, id, { value: value!, description: description! })
  return stack
}
