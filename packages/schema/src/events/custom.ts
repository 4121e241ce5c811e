import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { text } from '../fields.ts'

export const custom = defineEvent(
  'custom',
  'whatever the host page wants to note',
  { purpose: 'extension', class: 'viewing' },
  {
    name: text(64).describe('name of the event'),
    value: z.unknown().optional().describe('any JSON'),
  },
)
