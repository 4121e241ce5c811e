// Runs kinesis-local until the process that started it is gone, however it went. Not by process.exit: kinesis-local makes that
// a request to end when all is done, which it may never be, and what goes on saves its old state over that of the next one.
const end = () => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', end)
if (!process.connected) end()
await import('kinesis-local')
