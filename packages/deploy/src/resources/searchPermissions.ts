import { Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { Permission } from './createRole.ts'
import type { SearchEngine } from './createSearchEngine.ts'

/** What the names of all indices of ours begin with. */
const INDICES = 'viewbeat-*'

/**
 * What a function may ask of OpenSearch: paths of our indices, and those paths beside them that it names. Serverless knows no
 * paths: there the collection's data access policy says more. Also says why the star is in it.
 */
export const searchPermissions = (
  { arn, service, domain }: SearchEngine,
  paths: readonly string[],
): { permissions: Permission[]; acknowledgeFor: (role: IConstruct) => void } => {
  if (service === 'aoss')
    return { permissions: [{ actions: ['aoss:APIAccessAll'], resources: [arn] }], acknowledgeFor: () => {} }
  const indices = `${arn}/${INDICES}`
  return {
    permissions: [
      { actions: ['es:ESHttpGet', 'es:ESHttpPost'], resources: [indices] },
      ...(paths.length > 0
        ? [{ actions: ['es:ESHttpPost'], resources: paths.map((path) => `${arn}/${path}`) }]
        : []),
    ],
    acknowledgeFor: (role) =>
      acknowledge(
        role,
        `AwsSolutions-IAM5[Resource::${domain ? `<${Stack.of(role).getLogicalId(domain)}.Arn>` : arn}/${INDICES}]`,
        'There is an index for each day, and a path below it for each thing that can be asked; all begin with viewbeat-.',
      ),
  }
}
