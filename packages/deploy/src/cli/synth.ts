import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writePlain } from '../plain/writePlain.ts'
import { readSettings } from '../settings/readSettings.ts'
import { readCode } from '../zip/readCode.ts'
import type { Terminal } from './main.ts'

/** Where the template and the zip go when nobody says. */
export const OUT = fileURLToPath(new URL('../../dist/cloudformation', import.meta.url))

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`

/** `synth`: writes plain CloudFormation and the zip, and says what to do with them. */
export const synth = async (
  { out, cwd }: Terminal,
  {
    settings: file,
    code: bundle,
    sinks,
    out: folder = OUT,
  }: { settings?: string; code?: string; sinks?: string; out?: string },
): Promise<void> => {
  const settings = await readSettings(file)
  const code = await readCode(settings, { code: bundle, sinks })
  const { template, templateFile, templateBytes, zipFile } = await writePlain(settings, code, folder)
  const types = Object.values(template.Resources).map(({ Type }) => Type)
  const alarms = types.filter((type) => type === 'AWS::CloudWatch::Alarm').length
  const [templatePath, zipPath] = [relative(cwd, templateFile), relative(cwd, zipFile)]
  out(`${templatePath}  ${kilobytes(templateBytes)}, ${types.length} resources, ${alarms} alarms`)
  out(`${zipPath}  ${kilobytes(code.zip.length)}`)
  if (settings.keys.from === 'ssm' && Object.keys(settings.keys.document).length === 0)
    out('\nkeys.document is empty: every sender will be answered 403 until the parameter has keys.')
  out('\nWith a bucket of yours, in the region of the stack:')
  out(`  aws s3 cp ${zipPath} s3://BUCKET/`)
  out(`  aws cloudformation deploy --stack-name ${settings.name} --template-file ${templatePath} \\`)
  out('    --s3-bucket BUCKET --parameter-overrides CodeBucket=BUCKET --capabilities CAPABILITY_IAM')
}
