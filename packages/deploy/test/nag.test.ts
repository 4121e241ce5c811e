import { App, DefaultStackSynthesizer, Stack, Validations } from 'aws-cdk-lib'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { describe, expect, it } from 'vitest'
import { createDeployApp } from '../src/createDeployApp.ts'
import { createViewbeatStack } from '../src/createViewbeatStack.ts'
import { checkSettings } from '../src/settings/readSettings.ts'
import { variants } from './variants.ts'

const build = (input: unknown) => {
  const app = new App({ analyticsReporting: false })
  return createViewbeatStack(app, checkSettings(input, 'test'), {
    locateCode: () => ({ s3Bucket: 'code', s3Key: 'zip' }),
    synthesizer: new DefaultStackSynthesizer(),
  })
}

/** What the rules find where nobody has said why. */
const findings = (stack: Stack) => {
  const pack = new AwsSolutionsChecks()
  Object.assign(pack, { isAcknowledged: () => false })
  return pack
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`),
    )
}

/** What somebody has given a reason for. */
const reasons = (stack: Stack) =>
  stack.node.findAll().flatMap((node: IConstruct) =>
    node.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      // CDK writes a rule without its pack's name as one of its own annotations; cdk-nag reads it all the same.
      .map(([rule, reason]) => ({ at: `${node.node.path} ${rule.replace('Annotation::', '')}`, reason })),
  )

describe('the rules of AWS Solutions', { timeout: 60_000 }, () => {
  it.each(Object.entries(variants))(
    'hold for %s, or there is a reason; no reason is for nothing',
    (_, input) => {
      const stack = build(input)
      expect(
        reasons(stack)
          .map(({ at }) => at)
          .toSorted(),
      ).toEqual(findings(stack).toSorted())
    },
  )

  it('give way to reasons only that are sentences', () => {
    const all = Object.values(variants).flatMap((input) => reasons(build(input)))
    expect(all.length).toBeGreaterThan(0)
    for (const { at, reason } of all) expect(reason, at).toMatch(/^[A-Z].{40,}\.$/s)
  })

  it('stop a template in which one is broken', () => {
    const app = createDeployApp({})
    new CfnBucket(new Stack(app, 'careless'), 'Open')
    expect(() => app.synth()).toThrow('AwsSolutions-S10')
  })
})
