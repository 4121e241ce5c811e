// What the sinks share with the ingest: where refused things go.
export { createAws } from './aws/createAws.ts'
export { ConfigurationError } from './errors.ts'
export { firehoseQuarantine } from './quarantine/firehoseQuarantine.ts'
export { folderQuarantine } from './quarantine/folderQuarantine.ts'
