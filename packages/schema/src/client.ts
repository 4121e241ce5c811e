import * as z from 'zod'
import { group, text } from './fields.ts'

/** What the server learned of the sender from the request. No address is kept whole. */
export const client = group(
  { purpose: 'environment' },
  {
    ip_prefix: text(64)
      .optional()
      .describe('the network: /24 of IPv4, /48 of IPv6')
      .meta({ class: 'identity' }),
    country: text(2).optional().describe('ISO 3166-1 alpha-2'),
    region: text(64).optional().describe('region of the country'),
    browser: text(64).optional().describe('browser, by the user agent'),
    os: text(64).optional().describe('operating system, by the user agent'),
    device_type: text(32).optional().describe('kind of device, by the user agent'),
    bot: z.boolean().optional().describe('the user agent is a known robot'),
  },
)

/** What the server learned of the sender from the request. */
export type Client = z.infer<typeof client>
