// Runs kinesis-local until the process that started it is gone, however it went.
process.on('disconnect', () => process.exit())
await import('kinesis-local')
