/**
 * Names of our own that reach neither the page, nor the wire, nor the storage: the build shortens them, because bytes are
 * the product. A test holds them against the contract and the options.
 */
export const INTERNAL = [
  'address adopt arm canPlay catchUp chance chosen clock describe disarm elapsed emit flight mayStore enqueue epoch',
  'fail firstFrame forget frames frozen going gone joinLate lag onBatch onCapture onceDrained opening',
  'playback playhead probes pump record rendition requested returned sample sendAll setAway setTimer',
  'settings settled shown started store isDenied tail take thaw thawed touch views visitId watching ways where',
].flatMap((line) => line.split(' '))
