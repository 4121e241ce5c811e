/** Why nothing answers there, in the system's word for it; undefined where something does, whatever it says. */
export const whyUnreachable = async (target: URL): Promise<string | undefined> => {
  try {
    await (await fetch(new URL('/v1/health', target), { signal: AbortSignal.timeout(10_000) })).arrayBuffer()
    return undefined
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } }
    return cause?.code ?? message
  }
}
