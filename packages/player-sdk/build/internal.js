/**
 * Names of our own that reach neither the page, nor the wire, nor the storage: the build shortens them, because bytes are
 * the product. A test holds them against the contract and the options.
 */
export const INTERNAL = [
  'address adopt arm catchUp chance chosen clock describe disarm flight mayStore enqueue epoch',
  'forget frozen going gone joinLate lag onBatch onCapture onceDrained opening',
  'playback playhead probes pump record returned sample sendAll setAway setTimer',
  'atEnd bufferedTo credit doubts follow follows hold inBreak interval isJump isLive isOutside leave look pass rest retract sayRendition setBitrate setHidden setLatency setScale',
  'showRendition sourceChange toEpoch waitingSince',
  'seenOnce settings settled shown standing store isDenied tail take thaw thawed touch views visitId watching ways where',
].flatMap((line) => line.split(' '))
