import type { LambdaFunctionURLEvent } from 'aws-lambda'
import type { FindView, FoundEvent } from './found.ts'
import { isViewId } from './isViewId.ts'
import { readTimeline, type Timeline } from './readTimeline.ts'

/** What asks for a view: `{ "view_id": "01…" }`, or `GET /views/01…` by a function URL or an HTTP API. */
export type ViewQuestion = { view_id?: unknown } | Pick<LambdaFunctionURLEvent, 'rawPath' | 'requestContext'>

/** The answer, as HTTP has it. */
export interface ViewAnswer {
  statusCode: number
  headers: Record<string, string>
  /** A timeline as JSON, or `{ message }`. */
  body: string
}

/** Answers with the timeline of a view. Never rejects. */
export type ViewFunction = (question: ViewQuestion) => Promise<ViewAnswer>

/** A function's answer may have 6 MB, in which a body is escaped once more. */
const MAX_BODY_BYTES = 4 * 1024 * 1024

/** Behind a custom domain or a stage there is more before it. */
const VIEW_PATH = /\/views\/([^/]{1,64})\/?$/

const answer = (statusCode: number, body: string): ViewAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body,
})

const refuse = (statusCode: number, message: string) => answer(statusCode, JSON.stringify({ message }))

/** An event without what its batch and its view say already. */
const slim = ({ context, client, sdk, publisher, spec, visit_id, view_id, ...event }: FoundEvent) => event

/** The timeline as JSON: a view of a day without what all of its events repeat. */
const toBody = (timeline: Timeline): string | undefined => {
  const whole = JSON.stringify(timeline)
  if (Buffer.byteLength(whole) <= MAX_BODY_BYTES) return whole
  const less = JSON.stringify({ ...timeline, events: timeline.events.map(slim) })
  return Buffer.byteLength(less) <= MAX_BODY_BYTES ? less : undefined
}

/**
 * Makes the function that is asked about one view: 400 for what is no view's id, 404 for a view that is not there, 413 for
 * one that is too long for an answer, 503 when the store does not answer. `onFault` is told why, never of whom.
 */
export const createViewFunction = ({
  find,
  now,
  onFault,
}: {
  find: FindView
  /** Epoch ms. */
  now: () => number
  onFault: (error: Error) => void
}): ViewFunction => {
  return async (question) => {
    if ('rawPath' in question && question.requestContext.http.method !== 'GET') return refuse(405, 'Use GET')
    const viewId = 'rawPath' in question ? VIEW_PATH.exec(question.rawPath)?.[1] : question.view_id
    if (!isViewId(viewId))
      return refuse(400, 'Expected the id of a view, as in /views/01K5M0PV40ZZZZZZZZZZZZZZZB')
    try {
      const timeline = await readTimeline(find, viewId, now())
      if (!timeline) return refuse(404, 'No such view')
      const body = toBody(timeline)
      return body === undefined ? refuse(413, 'Longer than an answer may be') : answer(200, body)
    } catch (error) {
      onFault(error as Error)
      return refuse(503, 'The store does not answer')
    }
  }
}
