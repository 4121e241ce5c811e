import { gzipSync } from 'node:zlib'
import { type Batch, WIRE_VERSION } from '@viewbeat/schema'

/** An event that is sent, and whether it is one to take. */
export interface SentEvent {
  /** The view's id and the event's number in it. */
  id: string
  event: unknown
  isGood: boolean
}

/** A body that is posted, and all that the ingest must account for. */
export interface SentBody {
  bytes: Buffer
  contentType: string
  events: SentEvent[]
  /** What is no batch at all, base64. */
  scraps: string[]
  /** How many rejections its receipt lists; undefined where nothing of it can be read. */
  rejections: number | undefined
}

/** A view that sends: its events are numbered without gaps over all of its batches. */
interface View {
  id: string
  seq: number
}

/** The id of a seed's view; it says whose it is. */
export const viewIdOf = (seed: number, view: number) =>
  `01K5M0PV40${String(seed).padStart(10, '0')}${String(view).padStart(6, '0')}`

/** Whose view this is. */
export const seedOf = (viewId: string) => Number(viewId.slice(10, 20))

/** An event's identity. */
export const idOf = (viewId: string, seq: number) => `${viewId}/${seq}`

const NOW = 1_790_000_000_000

const makeEvent = (seq: number, isGood: boolean, padding: number) => ({
  seq,
  type: 'custom',
  ts: NOW + seq,
  t_ms: isGood ? seq : -1,
  playhead_ms: null,
  state: 'playing',
  name: 'told',
  value: { n: seq, padding: 'ü'.repeat(padding) },
})

const chance = (random: () => number, share: number) => random() < share
const upTo = (random: () => number, most: number) => 1 + Math.floor(random() * most)

/** A line of a body: a batch that is good, bad in part, bad as a whole, or no batch. */
const makeLine = (random: () => number, view: View) => {
  const isWhole = chance(random, 0.85)
  const good = () => isWhole && chance(random, 0.85)
  const sent = Array.from({ length: upTo(random, 6) }, (): SentEvent => {
    const seq = view.seq++
    const isGood = good()
    const padding = chance(random, 0.05) ? 2000 : Math.floor(random() * 20)
    return { id: idOf(view.id, seq), event: makeEvent(seq, isGood || !isWhole, padding), isGood }
  })
  const batch: Batch = {
    spec: isWhole || chance(random, 0.5) ? WIRE_VERSION : '9.0',
    sdk: { name: 'viewbeat-js', version: '0.1.0' },
    visit_id: '01K5M0PV40ZZZZZZZZZZZZZZZA',
    view_id: view.id,
    sent_at: NOW,
    context: { content: { id: 'c' }, player: { name: 'p' } },
    events: sent.map(({ event }) => event) as Batch['events'],
  }
  // Refused as a whole for its wire version, or for this.
  if (!isWhole && batch.spec === WIRE_VERSION) batch.visit_id = 'nobody'
  return { text: JSON.stringify(batch), sent, isWhole }
}

/** Makes a body as an SDK or a stranger would send it: some lines of some views, a few of them rubbish. */
export const makeBody = (random: () => number, views: View[], name: string): SentBody => {
  const contentType = chance(random, 0.5) ? 'text/plain' : 'application/octet-stream'
  if (chance(random, 0.06)) {
    const text = Buffer.from(`{"no batch":"${name}"`)
    const bytes = chance(random, 0.5) ? text : gzipSync(`${text}${'x'.repeat(200)}`).subarray(0, 30)
    // As text, the gateway would hand over other bytes than were sent.
    return {
      bytes,
      contentType: 'application/octet-stream',
      events: [],
      scraps: [bytes.toString('base64')],
      rejections: undefined,
    }
  }
  const lines = Array.from({ length: upTo(random, 4) }, () =>
    makeLine(random, views[Math.floor(random() * views.length)]!),
  )
  const texts = lines.map(({ text }) => text)
  const scraps: string[] = []
  if (chance(random, 0.1)) {
    const scrap = `{"half a line":"${name}"`
    scraps.push(Buffer.from(scrap).toString('base64'))
    texts.splice(Math.floor(random() * (texts.length + 1)), 0, scrap)
  }
  const text = texts.join('\n')
  const rejections = lines.map(({ isWhole, sent }) =>
    isWhole ? sent.filter((event) => !event.isGood).length : 1,
  )
  return {
    bytes: contentType !== 'text/plain' && chance(random, 0.5) ? gzipSync(text) : Buffer.from(text),
    contentType,
    events: lines.flatMap(({ sent }) => sent),
    scraps,
    rejections: rejections.reduce((sum, count) => sum + count, scraps.length),
  }
}
