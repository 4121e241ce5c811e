/** Whether the local pipeline answers there: of others nothing is asked. */
export const isLocalPipeline = async (target: URL): Promise<boolean> => {
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(target.hostname)) return false
  try {
    const answer = await fetch(new URL('/api/views?limit=1', target))
    return answer.ok && Array.isArray(((await answer.json()) as { views?: unknown }).views)
  } catch {
    return false
  }
}
