import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DefaultStackSynthesizer } from 'aws-cdk-lib'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import { createDeployApp } from './createDeployApp.ts'
import { createViewbeatStack } from './createViewbeatStack.ts'
import { readSettings } from './settings/readSettings.ts'
import { readCode } from './zip/readCode.ts'

// The app that the CDK CLI runs; `deploy` gives it the paths as context.
const app = createDeployApp({})
const settings = await readSettings(app.node.tryGetContext('settings'))
const { fileName, zip } = await readCode(settings, {
  code: app.node.tryGetContext('code'),
  sinks: app.node.tryGetContext('sinks'),
})
const path = join(app.outdir, fileName)
await writeFile(path, zip)

createViewbeatStack(app, settings, {
  synthesizer: new DefaultStackSynthesizer(),
  locateCode: (stack) => {
    const asset = new Asset(stack, 'Code', { path })
    return { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey }
  },
})
app.synth()
