import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Says why a rule of cdk-nag does not hold for a resource. The reason is for whoever audits the account. */
export const acknowledge = (resource: IConstruct, rule: string, reason: string): void =>
  Validations.of(resource).acknowledge({ id: rule, reason })
