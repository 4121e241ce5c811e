/** Where formulas are from. `secondHand`: somebody else says so; its own words were not to be had. */
export const SOURCES = {
  ours: { says: "Viewbeat's own choice" },
  'cta-draft': {
    says: 'CTA-2066, public working draft of 2019',
    url: 'https://github.com/cta-standards/R4WG20-QoE-Metrics',
  },
  'cta-final': {
    says: 'CTA-2066 as published in 2020, as others tell it',
    url: 'https://www.forasoft.com/learn/downloads/rebuffering-ratio-calculator',
    secondHand: true,
  },
  'mux-view': {
    says: 'Mux: metric definitions',
    url: 'https://www.mux.com/docs/guides/understand-metric-definitions',
  },
  'mux-startup': {
    says: 'Mux: startup time',
    url: 'https://www.mux.com/docs/guides/data-startup-time-metric',
  },
  'mux-success': {
    says: 'Mux: playback success',
    url: 'https://www.mux.com/docs/guides/data-playback-success-metric',
  },
  'mux-errors': {
    says: 'Mux: error categorization',
    url: 'https://www.mux.com/docs/guides/error-categorization',
  },
  'mux-monitoring': {
    says: 'Mux: monitoring metrics',
    url: 'https://www.mux.com/docs/guides/monitoring-metrics',
  },
  'mux-smoothness': {
    says: 'Mux: smoothness',
    url: 'https://www.mux.com/docs/guides/data-smoothness-metric',
  },
  'mux-quality': {
    says: 'Mux: video quality',
    url: 'https://www.mux.com/docs/guides/data-video-quality-metric',
  },
  'mux-engagement': {
    says: 'Mux: viewer engagement',
    url: 'https://www.mux.com/docs/guides/data-engagement-metric',
  },
  'mux-experience': {
    says: 'Mux: overall viewer experience',
    url: 'https://www.mux.com/docs/guides/data-overall-viewer-experience-metric',
  },
  'mux-embed': {
    says: 'Mux: what mux-embed 5 computes in the page',
    url: 'https://www.npmjs.com/package/mux-embed',
  },
  'mux-export': {
    says: 'Mux: fields of the exported views, by their names',
    url: 'https://github.com/muxinc/mux-protobuf/tree/main/video_view',
  },
  'conviva-exits': {
    says: 'Conviva, in the working group of CTA-2066',
    url: 'https://github.com/cta-standards/R4WG20-QoE-Metrics/issues/4',
  },
  'conviva-alerts': {
    says: 'Conviva: alerts, which name what each metric is a share of',
    url: 'https://docs.conviva.com/learning-center-files/content/ei_application/alerts/experience-insights-alerts_821004.html',
  },
  'conviva-plays': {
    says: 'Conviva: events and video metrics',
    url: 'https://docs.conviva.com/learning-center-files/content/eco/eco_events_video_metrics.htm',
  },
  'conviva-spi': {
    says: 'Conviva: Streaming Performance Index',
    url: 'https://docs.conviva.com/learning-center-files/content/ei_application/ea-features/spi_intro.htm',
  },
  'conviva-names': {
    says: 'Conviva: metric dictionary, whose names are public and whose definitions are not',
    url: 'https://docs.conviva.com/learning-center-files/content/ei_application/metric_dictionary/metric_dictionary.html',
    secondHand: true,
  },
} as const satisfies Record<string, { says: string; url?: string; secondHand?: true }>

/** A source of formulas: a name of `SOURCES`. */
export type SourceName = keyof typeof SOURCES
