import { powertoolsSinkObserver } from '../consume/powertoolsSinkObserver.ts'
import { createFirehoseTransform, type FirehoseTransform } from './createFirehoseTransform.ts'

/** The entry of the Lambda that transforms records for a delivery stream. It needs no variables. */
export const handler: FirehoseTransform = createFirehoseTransform({
  observer: powertoolsSinkObserver('viewbeat-firehose'),
})
