import { defineEvent } from '../envelope.ts'
import { text } from '../fields.ts'

export const programChange = defineEvent(
  'program_change',
  'a linear channel goes on with its next programme, within one view',
  { purpose: 'audience', class: 'viewing', since: '1.1' },
  {
    content_id: text(256).describe("the publisher's id of the programme from here on"),
    from_content_id: text(256).optional().describe('id of the programme before'),
    title: text(256).optional().describe('title; off by default, because it tells what somebody watched'),
  },
)
