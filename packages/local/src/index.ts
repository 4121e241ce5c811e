export { type LocalConfig, readConfig, StartError } from './config.ts'
export * from './faultProxy/index.ts'
export { main } from './main.ts'
export { type LocalPipeline, startLocal } from './startLocal.ts'
