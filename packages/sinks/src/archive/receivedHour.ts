/** The partition of a moment (epoch ms), as strings: the day and the hour, UTC. */
export const receivedHour = (received_at: number): { dt: string; hour: string } => {
  const [dt, time] = new Date(received_at).toISOString().split('T') as [string, string]
  return { dt, hour: time.slice(0, 2) }
}
