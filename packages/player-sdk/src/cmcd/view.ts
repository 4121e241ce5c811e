/** What a helper is told of each view: what `onView` of a tracker is called with. Without a view it takes itself out again. */
export type TellView = (viewId?: string, contentId?: string) => void
