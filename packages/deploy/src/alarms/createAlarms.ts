import type { Stack } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmRow } from './alarmRow.ts'

const COMPARISONS = {
  '>=': 'GreaterThanOrEqualToThreshold',
  '>': 'GreaterThanThreshold',
  '<': 'LessThanThreshold',
} as const

const toPascal = (words: string) =>
  words.replaceAll(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())

/** A CloudWatch alarm for each row. All say where their runbook is; all tell the topic, when they begin and when they end. */
export const createAlarms = (
  stack: Stack,
  rows: readonly AlarmRow[],
  { name, runbook, topicArn }: { name: string; runbook: string; topicArn: string },
): void => {
  for (const row of rows) {
    const title = [row.runbook, row.of].filter(Boolean).join('-')
    const series = Object.entries(row.series).map(([id, { namespace, metric, dimensions, statistic }]) => ({
      id,
      returnData: row.expression === undefined,
      metricStat: {
        metric: {
          namespace,
          metricName: metric,
          dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
        },
        period: row.periodS,
        stat: statistic,
      },
    }))
    new CfnAlarm(stack, `Alarm${toPascal(title)}`, {
      alarmName: `${name}-${title}`,
      alarmDescription: `${row.why} Runbook: ${runbook}#${row.runbook}`,
      metrics: row.expression
        ? [...series, { id: 'watched', expression: row.expression, returnData: true }]
        : series,
      comparisonOperator: COMPARISONS[row.comparison],
      threshold: row.threshold,
      evaluationPeriods: row.periods,
      datapointsToAlarm: row.datapoints,
      treatMissingData: row.missing,
      actionsEnabled: true,
      alarmActions: [topicArn],
      okActions: [topicArn],
    })
  }
}
