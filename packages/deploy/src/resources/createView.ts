import { CfnOutput, type Stack } from 'aws-cdk-lib'
import { type CfnFunction, CfnUrl } from 'aws-cdk-lib/aws-lambda'
import type { Settings } from '../settings/settings.ts'
import { type CodeLocation, createFunction } from './createFunction.ts'
import { NAMESPACE } from './createIngest.ts'
import type { SearchEngine } from './createSearchEngine.ts'
import { searchPermissions } from './searchPermissions.ts'

/** How many questions may be answered at once. */
const AT_ONCE = 5

/**
 * The function that tells what happened in one view. It is for people of the account, not for viewers: invoked by who has
 * `lambda:InvokeFunction`, or by a URL that takes signed requests only.
 */
export const createView = (
  stack: Stack,
  settings: Settings,
  code: CodeLocation,
  engine: SearchEngine,
): CfnFunction => {
  const { permissions, acknowledgeFor } = searchPermissions(engine, [])
  const made = createFunction(stack, 'View', settings.lambda, {
    code,
    handler: 'view.handler',
    description: 'Viewbeat: what happened in one view',
    timeoutS: 30,
    concurrency: AT_ONCE,
    environment: {
      POWERTOOLS_SERVICE_NAME: 'viewbeat-view',
      POWERTOOLS_METRICS_NAMESPACE: NAMESPACE,
      VIEWBEAT_SEARCH: engine.endpoint,
      VIEWBEAT_SEARCH_SERVICE: engine.service,
    },
    permissions,
  })
  acknowledgeFor(stack.node.findChild('ViewRole'))
  new CfnOutput(stack, 'ViewFunctionName', { value: made.ref, description: 'Tells of one view' })
  if (settings.search?.viewUrl) {
    // Principals of the account need no permission here, only lambda:InvokeFunctionUrl and lambda:InvokeFunction of their own.
    const url = new CfnUrl(stack, 'ViewUrl', { authType: 'AWS_IAM', targetFunctionArn: made.attrArn })
    new CfnOutput(stack, 'ViewUrlAddress', {
      value: url.attrFunctionUrl,
      description: 'Tells of one view, by signed requests',
    })
  }
  return made
}
