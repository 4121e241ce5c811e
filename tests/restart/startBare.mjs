// Runs the local pipeline without setting up or building anything: a start is over in the time the stream takes.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('../../packages/local/src/main.ts')
await main(Promise.resolve())
