import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count, text } from '../fields.ts'

export const adStart = defineEvent(
  'ad_start',
  'the first frame of an ad is on screen',
  { purpose: 'ads' },
  {
    ad_id: text(128).optional().describe("the ad server's id of the ad"),
    creative_id: text(128).optional().describe("the ad server's id of the creative"),
    universal_ad_id: text(128).optional().describe('id of the creative in a registry, such as Ad-ID'),
    pod_index: z.int().min(1).optional().describe('place in the break, from 1'),
    duration_ms: count().optional().describe('length of the ad'),
    skippable: z.boolean().optional().describe('the viewer may skip it'),
    load_ms: count().optional().describe('from asking for the ad to its first frame'),
    impression: z.boolean().optional().describe('it counts as an impression'),
  },
)
