// @vitest-environment happy-dom
import { act, createElement, StrictMode, useRef } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CapturedEvent, TrackOptions } from '../index.ts'
import { memoryTransport } from '../testing/index.ts'
import { useViewbeat } from './useViewbeat.ts'

;(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true

let root: Root
let events: CapturedEvent[]
let transport: ReturnType<typeof memoryTransport>

beforeEach(() => {
  vi.useFakeTimers()
  root = createRoot(document.createElement('main'))
  events = []
  transport = memoryTransport()
})
afterEach(async () => {
  await act(() => root.unmount())
  vi.useRealTimers()
})

type Props = { shown?: boolean; element?: string } & Partial<TrackOptions>

const Player = ({ shown = true, element = 'one', ...options }: Props) => {
  const video = useRef<HTMLVideoElement>(null)
  useViewbeat(video, {
    endpoint: '/v1/events',
    key: 'pk_demo',
    content: { id: 'ep-101' },
    transport,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return shown ? createElement('video', { ref: video, key: element }) : null
}

const render = async (props: Props = {}, strict = false) => {
  const player = createElement(Player, props)
  await act(async () => root.render(strict ? createElement(StrictMode, null, player) : player))
  await act(() => vi.advanceTimersByTimeAsync(10))
}
const starts = () => events.filter(({ type }) => type === 'view_start').length
const ends = () => events.filter(({ type }) => type === 'view_end').length

describe('useViewbeat', () => {
  it('is one view although StrictMode mounts twice', async () => {
    await render({}, true)
    expect([starts(), ends()]).toEqual([1, 0])
  })

  it('goes on with its view however often the component renders', async () => {
    await render()
    await render({ content: { id: 'ep-101' } })
    expect([starts(), ends()]).toEqual([1, 0])
  })

  it('begins when the element comes, and follows it when another takes its place', async () => {
    await render({ shown: false })
    expect(starts()).toBe(0)
    await render()
    expect([starts(), ends()]).toEqual([1, 0])
    await render({ element: 'two' })
    expect([starts(), ends()]).toEqual([2, 1])
    await render({ shown: false })
    expect([starts(), ends()]).toEqual([2, 2])
  })

  it('ends its view when the component goes', async () => {
    await render()
    await act(() => root.render(null))
    await act(() => vi.advanceTimersByTimeAsync(10))
    expect(ends()).toBe(1)
  })

  it('waits for a content, and tells the tracker of another and of a choice', async () => {
    await render({ content: undefined as never })
    expect(starts()).toBe(0)
    await render({ consent: 'pending' })
    await act(() => vi.advanceTimersByTimeAsync(2000))
    expect(transport.batches).toEqual([])
    await render({ consent: 'granted', content: { id: 'ep-102' } })
    await act(() => vi.advanceTimersByTimeAsync(2000))
    expect(transport.batches.length).toBeGreaterThan(0)
    await render({ shown: false })
    expect(transport.batches.at(-1)!.context.content.id).toBe('ep-102')
  })
})
