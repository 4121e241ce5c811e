import { type Client, errors } from '@opensearch-project/opensearch'
import events from '@viewbeat/schema/schemas/opensearch/viewbeat-events.json' with { type: 'json' }
import views from '@viewbeat/schema/schemas/opensearch/viewbeat-views.json' with { type: 'json' }
import { RETENTION_POLICY, retentionPolicy } from './retentionPolicy.ts'
import { READER, WRITER } from './securityRoles.ts'

/** What may be chosen of how an OpenSearch is set up. */
export interface SetUpOptions {
  /** After how many days a day's events are deleted. */
  retentionDays: number
  /** Of each index; what the engine has by default unless given. */
  shards?: number | undefined
  replicas?: number | undefined
  /** How soon what was written is found, ms; a second unless given. Sooner costs the engine more. */
  refreshMs?: number | undefined
  /** ARN of the IAM role that writes, and of the one that reads, where the domain has fine-grained access control. */
  writer?: string | undefined
  reader?: string | undefined
}

const TEMPLATES = { 'viewbeat-events': events, 'viewbeat-views': views }

const statusOf = (error: unknown) => (error instanceof errors.ResponseError ? error.statusCode : undefined)

/** An engine without a plugin does not know its addresses: OpenSearch says so with 400, serverless with 404. */
const isUnknownAddress = (error: unknown) =>
  statusOf(error) === 404 ||
  (error instanceof errors.ResponseError && /no handler found/.test(String(error.body?.error)))

/**
 * Puts the index templates and the retention policy, and the roles that were named; what is there already is brought up to
 * date. Answers what was done, a sentence each. Templates count for indices made from now on. Throws what the engine does
 * not take.
 */
export const setUp = async (
  client: Client,
  { retentionDays, shards, replicas, refreshMs, writer, reader }: SetUpOptions,
): Promise<string[]> => {
  const said: string[] = []
  const send = (method: 'GET' | 'PUT' | 'POST', path: string, body?: object, querystring = {}) =>
    client.transport.request({ method, path, querystring, ...(body && { body }) })

  for (const [name, { template, ...around }] of Object.entries(TEMPLATES)) {
    const settings = {
      ...template.settings,
      ...(shards !== undefined && { 'index.number_of_shards': shards }),
      ...(replicas !== undefined && { 'index.number_of_replicas': replicas }),
      ...(refreshMs !== undefined && { 'index.refresh_interval': `${refreshMs}ms` }),
    }
    await send('PUT', `/_index_template/${name}`, { ...around, template: { ...template, settings } })
    said.push(`Index template ${name} is there`)
  }

  const policy = `/_plugins/_ism/policies/${RETENTION_POLICY}`
  const findPolicy = async () => {
    try {
      return (await send('GET', policy)).body as { _seq_no: number; _primary_term: number }
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }
  try {
    const known = await findPolicy()
    const version = known && { if_seq_no: known._seq_no, if_primary_term: known._primary_term }
    await send('PUT', policy, retentionPolicy(retentionDays), version)
    said.push(`Events are deleted after ${retentionDays} days, by the policy ${RETENTION_POLICY}`)
  } catch (error) {
    if (!isUnknownAddress(error)) throw error
    said.push(
      'No retention policy: this engine has no Index State Management. Its indices stay until somebody deletes them',
    )
  }

  for (const [name, role, arn] of [
    ['viewbeat-writer', WRITER, writer],
    ['viewbeat-reader', READER, reader],
  ] as const) {
    if (!arn) continue
    await send('PUT', `/_plugins/_security/api/roles/${name}`, role)
    await send('PUT', `/_plugins/_security/api/rolesmapping/${name}`, { backend_roles: [arn] })
    said.push(`${arn} has the role ${name}`)
  }
  return said
}
