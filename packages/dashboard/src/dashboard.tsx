import { render } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { Account } from './Account.tsx'
import { fetchView } from './api.ts'
import { Events } from './Events.tsx'
import { Faults } from './Faults.tsx'
import { Figures } from './Figures.tsx'
import { Player } from './Player.tsx'
import { RecentViews } from './RecentViews.tsx'
import { Timeline } from './Timeline.tsx'
import { usePolled } from './usePolled.ts'

const useHash = () => {
  const [hash, setHash] = useState(location.hash.slice(1))
  useEffect(() => {
    const follow = () => setHash(location.hash.slice(1))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return hash
}

const StoredView = ({ viewId, captured }: { viewId: string; captured: number | undefined }) => {
  const answer = usePolled(() => fetchView(viewId), 500, viewId)
  if (!answer)
    return (
      <section>
        <h2>In the store</h2>
        <p>Nothing of this view has arrived yet.</p>
      </section>
    )
  const { view, events, accounting } = answer
  return (
    <>
      <section>
        <h2>{captured === undefined ? `View ${viewId}` : 'This view'}</h2>
        <Figures view={view} />
        <Timeline events={events} />
        <Account captured={captured ?? view.seq + 1} accounting={accounting} />
      </section>
      <section>
        <h2>Events, as they land in the store</h2>
        <Events events={events} />
      </section>
    </>
  )
}

const Dashboard = () => {
  const [own, setOwn] = useState({ viewId: '', captured: 0 })
  const chosen = useHash()
  const onEvent = useCallback(
    ({ view_id, seq }: { view_id: string; seq: number }) => setOwn({ viewId: view_id, captured: seq + 1 }),
    [],
  )
  const isOwn = !chosen || chosen === own.viewId
  return (
    <>
      <header>
        <h1>Viewbeat</h1>
        <p>
          Play the video. What you see on the right has been through the SDK, the ingest, Kinesis and a sink.
        </p>
      </header>
      <main>
        <div class="column">
          <section>
            <Player onEvent={onEvent} />
            <Faults />
            <p>
              Break something and watch the count: every event captured is delivered, quarantined or reported
              dropped.
            </p>
          </section>
          <section>
            <h2>Recent views</h2>
            <RecentViews />
            {!isOwn && (
              <div class="buttons">
                <button
                  type="button"
                  onClick={() => {
                    location.hash = ''
                  }}
                >
                  Back to this page's view
                </button>
              </div>
            )}
          </section>
        </div>
        <div class="column">
          <StoredView viewId={isOwn ? own.viewId : chosen} captured={isOwn ? own.captured : undefined} />
        </div>
      </main>
    </>
  )
}

render(<Dashboard />, document.getElementById('app') as HTMLElement)
