import type * as z from 'zod'
import { batchHeader } from '../batch.ts'
import { unknownEvent } from '../envelope.ts'
import { eventSchemas } from '../events/index.ts'
import { recordHeader } from '../record.ts'
import { viewRecord } from '../viewRecord.ts'

/** Every schema of the contract that is published, by its name. */
export const publishedSchemas: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['batch', batchHeader],
  ['unknown_type', unknownEvent],
  ...eventSchemas,
  ['record', recordHeader],
  ['view', viewRecord],
])
