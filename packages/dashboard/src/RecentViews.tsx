import { fetchViews } from './api.ts'
import { seconds, timeOfDay } from './format.ts'
import { usePolled } from './usePolled.ts'

/** The newest views of the store, this one and older ones; choosing one shows it in place of the player's own. */
export const RecentViews = () => {
  const views = usePolled(fetchViews, 2000, 'views') ?? []
  return (
    <div class="rows">
      <table>
        <thead>
          <tr>
            <th>begun</th>
            <th>content</th>
            <th>outcome</th>
            <th class="number">played</th>
            <th class="number">stalled</th>
          </tr>
        </thead>
        <tbody>
          {views.map((view) => (
            <tr key={view.view_id}>
              <td>
                <a href={`#${view.view_id}`}>{timeOfDay(view.started_at)}</a>
              </td>
              <td>{view.context.content.id}</td>
              <td>{view.outcome}</td>
              <td class="number">{seconds(view.playing_ms)}</td>
              <td class="number">{seconds(view.rebuffering_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
