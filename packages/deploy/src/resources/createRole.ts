import type { Stack } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'

/** A thing that a role may do: exact actions on exact resources. */
export interface Permission {
  actions: string[]
  resources: string[]
  conditions?: Record<string, Record<string, string | string[]>>
}

/** A policy document of permissions. */
export const toPolicy = (permissions: readonly Permission[]) => ({
  Version: '2012-10-17',
  Statement: permissions.map(({ actions, resources, conditions }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions && { Condition: conditions }),
  })),
})

/** A role that one AWS service takes on, with exactly these permissions: no managed policy, nothing added elsewhere. */
export const createRole = (
  stack: Stack,
  id: string,
  service: string,
  permissions: readonly Permission[],
): CfnRole =>
  new CfnRole(stack, id, {
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sts:AssumeRole',
          // Otherwise the service could be talked into using the role for somebody else's account.
          Condition: { StringEquals: { 'aws:SourceAccount': stack.account } },
        },
      ],
    },
    policies: [{ policyName: 'needs', policyDocument: toPolicy(permissions) }],
  })
