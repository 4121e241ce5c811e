import { isTrack, STREAM, type TrackName } from './stream.ts'

/** Some of the media: all of it, or one kind, from a segment on, up to one and with it. */
export interface Some {
  track?: 'video' | 'audio' | TrackName
  from?: number
  to?: number
}

/** A piece of media that a player asks for; of a plain file, what lies at a time of it. */
export interface Piece {
  track: TrackName | 'file'
  segment: number
}

const isOf = ({ track, from = 0, to = Number.POSITIVE_INFINITY }: Some, piece: Piece) =>
  piece.segment >= from &&
  piece.segment <= to &&
  (!track || track === piece.track || (isTrack(piece.track) && track === STREAM.tracks[piece.track].kind))

/** Keeps pieces of media back until they are released, and has others fail. */
export const createHolds = () => {
  let holds: { some: Some; released: Promise<void>; release: () => void }[] = []
  const failures: { some: Some; status: number; left: number }[] = []
  let waiting = 0

  return {
    /** Keeps some of the media back, from now on. */
    hold(some: Some = {}) {
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      holds.push({ some, released, release })
    },
    /** Lets everything go. */
    release() {
      for (const { release } of holds) release()
      holds = []
    },
    /** Answers with this status instead, so often. */
    fail(some: Some, status: number, times = Number.POSITIVE_INFINITY) {
      failures.push({ some, status, left: times })
    },
    /** How many requests are being kept waiting. */
    get waiting() {
      return waiting
    },
    /** The place from which on a plain file is kept back, in segments. */
    heldFrom: () => Math.min(...holds.map(({ some }) => some.from ?? 0)),
    /** Waits until the piece may go. */
    async pass(piece: Piece) {
      waiting++
      for (;;) {
        const hold = holds.find(({ some }) => isOf(some, piece))
        if (!hold) break
        await hold.released
      }
      waiting--
    },
    /** The status that the piece's request is to be answered with. */
    take(piece: Piece) {
      const failure = failures.find(({ some, left }) => left > 0 && isOf(some, piece))
      if (!failure) return 200
      failure.left--
      return failure.status
    },
  }
}
