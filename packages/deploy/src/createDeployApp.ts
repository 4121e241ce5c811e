import { App, type AppProps, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { streamMappingChecks } from './lint/streamMappingChecks.ts'

/**
 * A CDK app that refuses to be synthesized while a rule of AWS Solutions is broken and nobody says why, or while a stream
 * has a mapping without an end.
 */
export const createDeployApp = (props: AppProps): App => {
  const app = new App({ analyticsReporting: false, ...props })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(), streamMappingChecks())
  return app
}
