/**
 * Names of our own that reach neither the page, nor the wire, nor the storage, and by which nothing of the browser's is
 * called: the build shortens them, because bytes are the product. A test holds them against the contract and the options.
 */
export const INTERNAL = [
  'address adopt arm catchUp chance chosen clock describe disarm flight mayStore enqueue epoch',
  'forget frozen going gone joinLate lag onBatch onCapture onceDrained opening',
  'playback playhead probes pump record reset retry returned sample save sendAll setAway setTimer',
  'again atEnd blocked bufferedTo credit doubts follow follows hold inBreak interval isJump isLive isOutside look pass rest retract sayRendition setBitrate setHidden setLatency setScale',
  'showRendition sourceChange toEpoch waitingSince',
  'seenOnce settings settled shown standing store isDenied tail take thaw thawed touch views visitId watching ways where',
].flatMap((line) => line.split(' '))
