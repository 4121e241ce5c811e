// Starts a stream in the folder that is named, says the stream's process and when it is ready, and keeps a read under way.
import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { register } from 'tsx/esm/api'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
register()
const { fork } = childProcess
childProcess.fork = (...given) => {
  const child = fork(...given)
  console.log(`begun ${child.pid}`)
  return child
}
syncBuiltinESMExports()
const { startKinesis } = await import('../src/stream/startKinesis.ts')
const { ListStreamsCommand } = await import('@aws-sdk/client-kinesis')
const { client } = await startKinesis(process.argv[2])
console.log('ready')
for (;;) await client.send(new ListStreamsCommand({}))
