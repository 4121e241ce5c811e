export { dashCmcd } from './dashCmcd.ts'
export { hlsCmcd } from './hlsCmcd.ts'
export { shakaCmcd } from './shakaCmcd.ts'
