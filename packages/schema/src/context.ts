import { z } from 'zod'
import { count, openEnum, text } from './fields.ts'

/** An origin or a host: cannot carry a path's query, a fragment or credentials. */
const host = () =>
  z
    .string()
    .max(256)
    .regex(/^[^?#@\s]*$/)

/** A path: cannot carry a query or a fragment. */
const path = () =>
  z
    .string()
    .max(1024)
    .regex(/^[^?#\s]*$/)

/** What is being watched. */
export const content = z.object({
  id: text(256).describe("the publisher's id of the content"),
  title: text(256).optional().describe('title; off by default, because it tells what somebody watched'),
  duration_ms: count().optional().describe('length, ms; absent for live'),
  stream_type: openEnum(['vod', 'live', 'll_live']).optional().describe('kind of stream'),
})

/** What plays it. */
export const player = z.object({
  name: text(64).describe('player, for example html5'),
  version: text(32).optional().describe("the player's version"),
  engine: text(64).optional().describe('streaming engine, for example hls.js'),
  engine_version: text(32).optional().describe("the engine's version"),
})

/** Where it comes from. */
export const source = z.object({
  host: host().optional().describe('host of the media, never a path or query'),
  format: openEnum(['hls', 'dash', 'smooth', 'file']).optional().describe('packaging'),
  drm: text(64).optional().describe('key system'),
})

/** The page around the player. */
export const page = z.object({
  origin: host().describe('origin of the page'),
  path: path().optional().describe('path of the page, without query or fragment'),
})

/** What makes a batch stand alone: sent with each one. */
export const context = z.object({
  content,
  player,
  source: source.optional(),
  page: page.optional(),
  device: z
    .object({ type: text(32).optional(), brand: text(64).optional(), model: text(64).optional() })
    .optional()
    .describe('for devices whose user agent does not tell'),
  consent: z
    .enum(['granted', 'denied', 'pending'])
    .optional()
    .describe("the viewer's choice, when there is one"),
  gpc: z.boolean().optional().describe('Global Privacy Control was on'),
  sample_rate: z.number().gt(0).max(1).optional().describe('share of views that are measured; 1 unless said'),
})

/** What makes a batch stand alone. */
export type Context = z.infer<typeof context>
/** What is being watched. */
export type Content = z.infer<typeof content>
