export { useViewbeat } from './useViewbeat.ts'
