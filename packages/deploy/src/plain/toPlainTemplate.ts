import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CfnParameter, DefaultStackSynthesizer, type Stack } from 'aws-cdk-lib'
import { createDeployApp } from '../createDeployApp.ts'
import { createViewbeatStack } from '../createViewbeatStack.ts'
import type { Settings } from '../settings/settings.ts'

/** A CloudFormation template. */
export interface Template {
  Description: string
  Parameters: Record<string, { Type: string; Default?: string; Description?: string }>
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; [more: string]: unknown }>
  Outputs: Record<string, { Value: unknown; Description: string }>
  Rules?: Record<string, unknown>
}

const askForCode = (fileName: string) => (stack: Stack) => ({
  s3Bucket: new CfnParameter(stack, 'CodeBucket', {
    description: 'A bucket of yours, in the region of the stack, that holds the zip',
    minLength: 3,
  }).valueAsString,
  s3Key: new CfnParameter(stack, 'CodeKey', {
    description: 'Key of the zip in that bucket',
    default: fileName,
    minLength: 1,
  }).valueAsString,
})

/** The stack as plain CloudFormation: no bootstrapped account, no assets; where the zip is, are parameters. */
export const toPlainTemplate = (settings: Settings, codeFileName: string): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'viewbeat-synth-'))
  try {
    const app = createDeployApp({ outdir })
    createViewbeatStack(app, settings, {
      locateCode: askForCode(codeFileName),
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    })
    return app.synth().getStackByName(settings.name).template
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
