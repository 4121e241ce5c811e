import * as z from 'zod'
import { count, group, host, openEnum, path, share, text } from './fields.ts'

/** What is being watched. */
export const content = group(
  { purpose: 'audience', class: 'viewing' },
  {
    id: text(256).describe("the publisher's id of the content"),
    title: text(256).optional().describe('title; off by default, because it tells what somebody watched'),
    duration_ms: count().optional().describe('length; absent for live'),
    stream_type: openEnum(['vod', 'live', 'll_live'])
      .optional()
      .describe('kind of stream')
      .meta({ class: 'technical' }),
  },
)

/** What plays it. */
export const player = group(
  { purpose: 'environment' },
  {
    name: text(64).describe('player, for example html5'),
    version: text(32).optional().describe("the player's version"),
    engine: text(64).optional().describe('streaming engine, for example hls.js'),
    engine_version: text(32).optional().describe("the engine's version"),
  },
)

/** Where it comes from. */
export const source = group(
  { purpose: 'delivery' },
  {
    host: host().optional().describe('host of the media, never a path or query'),
    format: openEnum(['hls', 'dash', 'smooth', 'file']).optional().describe('packaging'),
    drm: text(64).optional().describe('key system'),
  },
)

/** The page around the player. */
export const page = group(
  { purpose: 'environment', class: 'viewing' },
  {
    origin: host().describe('origin of the page'),
    path: path().optional().describe('path of the page, without query or fragment'),
  },
)

/** A device whose user agent does not tell. */
export const device = group(
  { purpose: 'environment' },
  {
    type: text(32).optional().describe('kind of device, for example tv'),
    brand: text(64).optional().describe('maker'),
    model: text(64).optional().describe("the maker's name of the model"),
  },
)

/** What makes a batch stand alone: sent with each one. */
export const context = group(
  { purpose: 'consent' },
  {
    content: content.describe('what is being watched').meta({ purpose: 'audience', class: 'viewing' }),
    player: player.describe('what plays it').meta({ purpose: 'environment' }),
    source: source.optional().describe('where it comes from').meta({ purpose: 'delivery' }),
    page: page
      .optional()
      .describe('the page around the player')
      .meta({ purpose: 'environment', class: 'viewing' }),
    device: device
      .optional()
      .describe('for devices whose user agent does not tell')
      .meta({ purpose: 'environment' }),
    consent: z
      .enum(['granted', 'denied', 'pending'])
      .optional()
      .describe("the viewer's choice, when there is one"),
    gpc: z.boolean().optional().describe('Global Privacy Control was on'),
    sample_rate: share().optional().describe('share of views that are measured; 1 unless said'),
  },
)

/** What makes a batch stand alone. */
export type Context = z.infer<typeof context>
/** What is being watched. */
export type Content = z.infer<typeof content>
