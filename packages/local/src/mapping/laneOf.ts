import { createHash } from 'node:crypto'

/** Which of so many lanes a partition key has: always the same one, so that its records stay in order. */
export const laneOf = (partitionKey: string, lanes: number): number =>
  lanes === 1 ? 0 : createHash('md5').update(partitionKey).digest().readUInt32BE() % lanes
