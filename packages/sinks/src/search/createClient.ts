import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { Client } from '@opensearch-project/opensearch'
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3'
import { ConfigurationError } from '@viewbeat/ingest-lambda/quarantine'

/** How an OpenSearch is reached. */
export interface SearchEndpoint {
  /** `https://…` is signed for AWS unless it names a user: `https://user:password@host`. Plain `http://` is for engines nearby. */
  url: string
  /** What it is for AWS: a domain, or serverless. */
  service?: 'es' | 'aoss'
  /** By default from the name of the host, else AWS_REGION. */
  region?: string
  /** By default what AWS's own chain finds. */
  credentials?: () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>
}

/** `….us-east-1.es.amazonaws.com`, `….us-east-1.aoss.amazonaws.com` */
const REGION = /\.([a-z0-9-]+)\.(?:es|aoss)\.amazonaws\.com(?:\.cn)?$/

/**
 * A client that tries each call once: what is to be sent again is decided where its parts are known. Throws
 * `ConfigurationError` where AWS is to be asked and no region is known.
 */
export const createClient = ({ url, service = 'es', region, credentials }: SearchEndpoint): Client => {
  const { protocol, username, hostname } = new URL(url)
  const common = {
    node: url,
    maxRetries: 0,
    // A key such as `__proto__` is a partner's own business: JSON.parse makes it a plain one.
    disablePrototypePoisoningProtection: true,
  }
  if (protocol === 'http:' || username) return new Client(common)
  const place = region ?? REGION.exec(hostname)?.[1] ?? process.env.AWS_REGION
  if (!place) throw new ConfigurationError('AWS_REGION', `not set, and ${hostname} does not name one`)
  const signer = AwsSigv4Signer({ region: place, service, getCredentials: credentials ?? defaultProvider() })
  return new Client({ ...common, ...signer })
}
