import type { AdBreaks, AdHost, AdSignals, AdSource } from '../engine.ts'

/** An open break. */
interface Open {
  /** The view that the break belongs to. */
  of: ReturnType<AdHost['view']>
  inElement: boolean | undefined
  /** The content is over: it does not come back after the break. */
  isLast: boolean
  break_id: string | undefined
  played: number
  failed: number
}

/**
 * Turns what is told of ads into events in their right order, whatever is left out or comes out of turn, and keeps them
 * apart from the content. Give it what shows the ads, such as `ima(…)`, or tell of them yourself by `tracker.ads`.
 */
export const ads = (...sources: AdSource[]): AdBreaks => {
  let host: AdHost | undefined
  let open: Open | undefined
  /** The ad on screen. */
  let ad: { ad_id: string | undefined; clicks: number; playedBefore: number } | undefined

  const playedInAds = () => open!.of.totals(host!.elapsed()).ad_ms || 0

  const signals: AdSignals = {
    breakStart(about = {}) {
      signals.breakEnd()
      const view = host!.view()
      const { inElement, break_id } = about
      if (about.position === 'post') view.end()
      const isLast = view.state === 'ended'
      const position = about.position || (isLast ? 'post' : view.started ? 'mid' : 'pre')
      open = { of: view, inElement, isLast, break_id, played: 0, failed: 0 }
      // Players hold the content back until the ads have been on screen.
      if (!view.requested) host!.request()
      if (!inElement || isLast) view.put('starting')
      view.setAds(true)
      view.addAd('break_count')
      const insertion = about.insertion || (inElement ? 'server' : 'client')
      view.emit(
        Object.assign({ type: 'ad_break_start' } as const, about, {
          position,
          insertion,
          inElement: undefined,
        }),
      )
    },
    start(about = {}) {
      if (!open) signals.breakStart({ inElement: true })
      signals.end()
      const { of: view, inElement } = open!
      ad = { ad_id: about.ad_id, clicks: 0, playedBefore: playedInAds() }
      view.setAds(true, true)
      if (!open!.played++) view.addAd('filled_break_count')
      view.addAd('start_count')
      if (about.impression !== false) view.addAd('impression_count')
      if (about.load_ms !== undefined) {
        view.addAd('load_ms', about.load_ms)
        view.addAd('loaded_count')
      }
      view.emit(Object.assign({ type: 'ad_start' } as const, about))
      if (!inElement) view.move()
    },
    quartile(quartile) {
      if (!ad) return
      open!.of.addAd(`quartile_${quartile}_count`)
      open!.of.emit({ type: 'ad_quartile', ad_id: ad.ad_id, quartile })
    },
    buffering(isBuffering) {
      if (!ad || open!.inElement) return
      if (isBuffering) open!.of.stand({ since: host!.elapsed(), by: 'event' })
      else open!.of.move()
    },
    paused(isPaused) {
      if (!ad || open!.inElement) return
      if (isPaused) open!.of.pause('user')
      else {
        open!.of.play('user')
        open!.of.move()
      }
    },
    click() {
      if (!ad) return
      ad.clicks++
      open!.of.addAd('click_count')
    },
    end(reason = 'completed') {
      if (!ad) return
      const { ad_id, clicks, playedBefore } = ad
      const { of: view, inElement } = open!
      if (!inElement) view.put('starting')
      const played_ms = playedInAds() - playedBefore
      if (reason === 'completed') view.addAd('complete_count')
      if (reason === 'skipped') view.addAd('skip_count')
      ad = undefined
      view.setAds(true)
      view.emit({ type: 'ad_end', ad_id, reason, played_ms, clicks: clicks || undefined })
    },
    error(error = {}) {
      const view = open ? open.of : host!.view()
      if (open && !open.failed++) view.addAd('failed_break_count')
      view.addAd('error_count')
      if (!ad) view.addAd('start_error_count')
      const warning = { severity: 'warning', scope: 'ad' } as const
      view.warn(host!.tidy(Object.assign({ category: 'ad', code: 'unknown' } as const, error, warning)))
      signals.end('error')
    },
    breakEnd() {
      signals.end('quit')
      if (!open) return
      const { of: view, isLast, break_id, played, failed } = open
      open = undefined
      if (isLast) view.put('ended')
      host!.afterBreak()
      view.setAds(false)
      view.emit({ type: 'ad_break_end', break_id, ads_played: played, ads_failed: failed })
    },
  }

  return {
    signals,
    attach(to) {
      host = to
      const stops = sources.map((source) => source.connect(to.guard(signals)))
      return () => {
        for (const stop of stops) stop()
      }
    },
    get outside() {
      return !!open && !open.inElement
    },
    close() {
      if (open && !open.played) open.of.addAd('exit_before_start_count')
      signals.breakEnd()
    },
  }
}
