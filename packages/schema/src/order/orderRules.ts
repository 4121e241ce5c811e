import type { PlayerEvent } from '../events/index.ts'
import { totalNumbers } from '../events/totalNumbers.ts'
import { totalsOf } from '../events/totalsOf.ts'

/**
 * Looks at the events of a view one after another and says what is wrong with one, if anything. `gap` is true when
 * events before this one are missing, so that what they may have opened or closed is unknown.
 */
export type OrderCheck = (event: PlayerEvent, gap: boolean) => string | undefined

/** A rule that the order of a view's events keeps. Names are part of the contract. */
export interface OrderRule {
  name: string
  /** The rule, in a sentence. */
  says: string
  /** Starts a check of one view. */
  start: () => OrderCheck
}

const atMostOnce = (type: string): OrderRule => ({
  name: `one_${type}`,
  says: `A view has at most one ${type}.`,
  start: () => {
    let seen = false
    return (event) => {
      if (event.type !== type) return undefined
      if (seen) return `a second ${type}`
      seen = true
      return undefined
    }
  },
})

/** `name_start` and `name_end` alternate, and the view does not end in between. */
const bracketed = (name: string): OrderRule => ({
  name: `${name}_bracketed`,
  says: `${name}_start and ${name}_end come in turn, and none is left open at view_end.`,
  start: () => {
    let open: boolean | undefined = false
    return ({ type }, gap) => {
      if (gap) open = undefined
      const before = open
      if (type === `${name}_start`) open = true
      else if (type === `${name}_end`) open = false
      else return type === 'view_end' && open ? `${name}_start was never ended` : undefined
      return before === open ? `${name}_${open ? 'start within another' : 'end without a start'}` : undefined
    }
  },
})

/** Between `name_start` and `name_end`, unknown after a gap. */
const within = (name: string) => {
  let open: boolean | undefined = false
  return (type: string, gap: boolean) => {
    if (gap) open = undefined
    if (type === `${name}_start`) open = true
    if (type === `${name}_end`) open = false
    return open
  }
}

const inside = (outer: string, types: readonly string[], name: string): OrderRule => ({
  name,
  says: `${types.join(' and ')} come between ${outer}_start and ${outer}_end.`,
  start: () => {
    const isOpen = within(outer)
    return ({ type }, gap) =>
      isOpen(type, gap) === false && types.includes(type)
        ? `${type} outside of ${outer}_start and _end`
        : undefined
  },
})

/** Cumulative numbers that may only grow; a startup is measured once and stays. */
const GROWING = /_ms$|_count$|_sum$|^frames_/

/** Measures that a player may lose sight of: absent means unknown, where an absent counter is 0. */
const MEASURE = /^frames_|^bitrate_/

/** The rules that the order of a view's events keeps, in the order in which they are explained. */
export const orderRules: readonly OrderRule[] = [
  {
    name: 'view_start_first',
    says: 'The event with seq 0 is view_start, and no other is.',
    start: () => (event) =>
      (event.seq === 0) === (event.type === 'view_start')
        ? undefined
        : event.seq === 0
          ? `seq 0 is ${event.type}`
          : 'view_start after seq 0',
  },
  atMostOnce('first_frame'),
  {
    name: 'nothing_after_view_end',
    says: 'view_end has the highest seq of its view.',
    start: () => {
      let ended = false
      return ({ type }) => {
        if (ended) return `${type} after view_end`
        ended = type === 'view_end'
        return undefined
      }
    },
  },
  {
    name: 'time_goes_on',
    says: 't_ms never decreases with seq.',
    start: () => {
      let latest = 0
      return ({ t_ms }) => {
        const before = latest
        latest = Math.max(latest, t_ms)
        return t_ms < before ? `t_ms ${t_ms} after ${before}` : undefined
      }
    },
  },
  bracketed('rebuffer'),
  bracketed('seek'),
  bracketed('ad_break'),
  bracketed('ad'),
  {
    name: 'no_rebuffer_before_first_frame',
    says: 'What stalls before first_frame is startup: no rebuffer_start comes before it.',
    start: () => {
      let started: boolean | undefined = false
      return ({ type }, gap) => {
        if (gap && !started) started = undefined
        if (type === 'first_frame') started = true
        return type === 'rebuffer_start' && started === false
          ? 'rebuffer_start before first_frame'
          : undefined
      }
    },
  },
  {
    name: 'no_rebuffer_in_seek',
    says: 'A stall within a seek belongs to the seek: no rebuffer_start comes between seek_start and seek_end.',
    start: () => {
      const isSeeking = within('seek')
      return ({ type }, gap) =>
        isSeeking(type, gap) && type === 'rebuffer_start' ? 'rebuffer_start within a seek' : undefined
    },
  },
  {
    name: 'seek_leaves_old_playhead',
    says: 'seek_start carries the playhead that is left: its playhead_ms is its from_ms.',
    start: () => (event) =>
      event.type === 'seek_start' && event.playhead_ms !== event.from_ms
        ? 'playhead_ms is not from_ms'
        : undefined,
  },
  inside('ad_break', ['ad_start'], 'ad_in_break'),
  inside('ad', ['ad_quartile'], 'quartile_in_ad'),
  {
    name: 'totals_grow',
    says: 'Totals are cumulative: none of their numbers is smaller than in an earlier event.',
    start: () => {
      let before: Record<string, number> = {}
      return (event) => {
        const totals = totalsOf(event)
        if (!totals) return undefined
        const numbers = totalNumbers(totals)
        const shrunk = Object.keys(before).find(
          (name) =>
            GROWING.test(name) &&
            !(MEASURE.test(name) && numbers[name] === undefined) &&
            (numbers[name] ?? 0) < before[name]!,
        )
        before = { ...before, ...numbers }
        return shrunk && `totals.${shrunk} became smaller`
      }
    },
  },
]
