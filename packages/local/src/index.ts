export { type LocalConfig, readConfig, StartError } from './config.ts'
export { main } from './main.ts'
export { type LocalPipeline, startLocal } from './startLocal.ts'
