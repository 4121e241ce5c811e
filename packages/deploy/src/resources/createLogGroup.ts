import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'

/** A log group that forgets after so many days, and goes with the stack. */
export const createLogGroup = (stack: Stack, id: string, days: number, name?: string): CfnLogGroup => {
  const group = new CfnLogGroup(stack, id, { retentionInDays: days, ...(name && { logGroupName: name }) })
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE
  group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE
  return group
}
