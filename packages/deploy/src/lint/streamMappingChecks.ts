import { readFileSync } from 'node:fs'
import type { IPolicyValidationPlugin } from 'aws-cdk-lib'
import { type LintedTemplate, lintMappings } from './lintMappings.ts'

/** The lint of mappings as a rule of a CDK app: one that breaks it is not synthesized. */
export const streamMappingChecks = (): IPolicyValidationPlugin => ({
  name: 'viewbeat-stream-mappings',
  validate: ({ templatePaths }) => {
    const violations = templatePaths.flatMap((templatePath) =>
      lintMappings(JSON.parse(readFileSync(templatePath, 'utf8')) as LintedTemplate).map(
        ({ mapping, property, message }) => ({
          ruleName: `finite-${property}`,
          description: message,
          violatingResources: [
            { resourceLogicalId: mapping, templatePath, locations: [`Properties/${property}`] },
          ],
        }),
      ),
    )
    return { success: violations.length === 0, violations }
  },
})
