import type { FlatEvent, ViewRecord } from '@viewbeat/schema'

/** What `GET /api/views/:view_id` answers. */
export interface ViewAnswer {
  view: ViewRecord
  events: (FlatEvent & { stored_at: number })[]
  accounting: { delivered: number; quarantined: number; dropped: number }
}

/** Faults under way: ms or segments left of each. */
export interface FaultState {
  collector_down_ms: number
  hold_media_ms: number
  fail_segments: number
}

const get = async <T>(path: string): Promise<T | undefined> => {
  const response = await fetch(path)
  return response.ok ? ((await response.json()) as T) : undefined
}

/** One view as stored; undefined while nothing of it is. */
export const fetchView = (viewId: string) => get<ViewAnswer>(`/api/views/${viewId}`)

/** The newest views. */
export const fetchViews = async () => (await get<{ views: ViewRecord[] }>('/api/views?limit=8'))?.views ?? []

/** The faults under way. */
export const fetchFaults = () => get<FaultState>('/api/faults')

/** Asks for a fault. */
export const askFault = (fault: Partial<FaultState>) =>
  fetch('/api/faults', { method: 'POST', body: JSON.stringify(fault) })
