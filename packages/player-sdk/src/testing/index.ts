export { expectEvent } from './expectEvent.ts'
export { type MemoryTransport, memoryTransport } from './memoryTransport.ts'
