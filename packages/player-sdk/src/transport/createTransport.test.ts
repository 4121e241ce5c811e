import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../test/virtualClock.ts'
import { type Batch, type Losses, withEvents } from '../batch.ts'
import { MAX_AGE_MS, MAX_BACKLOG_BYTES } from '../limits.ts'
import type { Store } from '../storage/createStore.ts'
import { createTransport } from './createTransport.ts'
import type { Answer, Network } from './network.ts'
import { retryDelay } from './retryDelay.ts'

/** A transport in front of a network that answers as told, and remembers what it got. */
const bench = (
  answers: (Answer | number | 'never' | Promise<Answer>)[] = [],
  beaconTakes = (_body: string) => true,
  orphans: Batch[] = [],
) => {
  const time = virtualClock()
  const posts: { at: number; body: string; keepalive: boolean }[] = []
  const beacons: string[] = []
  const lost: Losses = {}
  /** What the browser would send, and what the next visit would find, if the page ended now. */
  const kept: { left: string; stored: Batch[] | undefined } = { left: '', stored: undefined }
  const store: Store = {
    save: (batches) => {
      kept.stored = structuredClone(batches)
    },
    adopt: (take) => {
      if (orphans.length) take(orphans.splice(0))
    },
    clear: () => {
      kept.stored = undefined
    },
  }
  const ways: Network = {
    pack: async (body) => body,
    post: async (_url, body, keepalive) => {
      posts.push({ at: time.clock.now(), body: String(body), keepalive })
      const answer = answers.shift() ?? 202
      if (answer === 'never') return new Promise(() => {})
      return typeof answer === 'number' ? [answer, 0] : answer
    },
    beacon: (_url, body) => {
      if (!beaconTakes(body)) return false
      beacons.push(body)
      return true
    },
    leave: (_url, body = '') => {
      kept.left = body
      return true
    },
  }
  const transport = createTransport({
    address: '/v1/events',
    clock: time.clock,
    chance: () => 0.5,
    store,
    mayStore: true,
    ways,
  })
  const batch = (name: string, events = 1, bytes = 100): Batch => ({
    ...withEvents(
      { at: time.clock.epoch(), view: name, head: `{"name":"${name}"`, events: [], lost },
      Array.from({ length: events }, (_, index) => `"${name}${index}"`),
    ),
    bytes,
  })
  const send = (...batches: Batch[]) => {
    for (const one of batches) transport.enqueue(one)
    transport.pump()
  }
  const named = (body: string) =>
    body
      .match(/"name":"\w+"/g)
      ?.map((m) => m.slice(8, -1))
      .join()
  return {
    time,
    transport,
    batch,
    send,
    posts,
    beacons,
    lost,
    kept,
    store,
    ways,
    named,
    names: () => posts.map(({ body }) => named(body)),
  }
}

describe('the transport', () => {
  it('sends a batch as one JSON body', async () => {
    const { send, batch, posts, time } = bench()
    send(batch('a', 2))
    await time.pass(0)
    expect(posts.map(({ body }) => JSON.parse(body))).toEqual([
      { name: 'a', sent_at: time.clock.epoch(), dropped: {}, events: ['a0', 'a1'] },
    ])
  })

  it('takes a way out that throws for no answer, and sends what cannot be packed as it is', async () => {
    const { send, batch, posts, time, ways } = bench()
    const { post } = ways
    ways.pack = () => Promise.reject(new Error('pack'))
    ways.post = () => Promise.reject(new Error('post'))
    send(batch('a'))
    await time.pass(0)
    ways.post = post
    await time.pass(1000)
    expect(posts).toHaveLength(1)
  })

  it('has one request under way, and sends what came meanwhile together', async () => {
    const { send, batch, names, time } = bench()
    send(batch('a'))
    send(batch('b'))
    send(batch('c'))
    await time.pass(0)
    expect(names()).toEqual(['a', 'b,c'])
  })

  it('puts no more into a body than a keepalive request may carry', async () => {
    const { send, batch, names, time } = bench()
    send(batch('a', 1, 10))
    send(batch('b', 1, 40_000), batch('c', 1, 20_000), batch('d', 1, 20_000))
    await time.pass(0)
    expect(names()).toEqual(['a', 'b,c', 'd'])
  })

  it.each([0, 200, 204, 302, 408, 429, 500, 503])(
    'keeps a batch that is answered %i and sends it again, later each time',
    async (status) => {
      const { send, batch, posts, time, lost } = bench([status, status, status])
      send(batch('a'))
      await time.pass(60_000)
      expect(posts.map(({ at }) => at)).toEqual([0, 500, 1500, 3500])
      expect(lost).toEqual({})
    },
  )

  it('waits half a minute at most between attempts, however often they fail', async () => {
    const { send, batch, posts, time } = bench([503, ...Array(100).fill(0)])
    send(batch('a'))
    await time.pass(600_000)
    const pauses = posts.slice(1).map(({ at }, index) => at - posts[index]!.at)
    expect(Math.max(...pauses)).toBe(15_000) // half of it, by this bench's jitter
    expect(posts.length).toBeLessThan(50)
  })

  it('waits at least as long as the server asks', async () => {
    const { send, batch, posts, time } = bench([[503, 30_000]])
    send(batch('a'))
    await time.pass(29_999)
    expect(posts).toHaveLength(1)
    await time.pass(2000)
    expect(posts).toHaveLength(2)
  })

  it('takes the longest pause of requests that fail beside one another, and counts them as one failure', async () => {
    const { transport, batch, send, posts, time } = bench([[503, 30_000], 0, 503])
    send(batch('a'))
    transport.enqueue(batch('b'))
    transport.sendAll()
    await time.pass(30_400)
    expect(posts).toHaveLength(2)
    await time.pass(200)
    expect(posts).toHaveLength(3)
    await time.pass(1000)
    expect(posts).toHaveLength(4)
  })

  it('sends nothing while it waits, whatever comes', async () => {
    const { send, batch, names, time } = bench([503])
    send(batch('a'))
    await time.pass(100)
    send(batch('b'))
    await time.pass(300)
    expect(names()).toEqual(['a'])
    await time.pass(200)
    expect(names()).toEqual(['a', 'a,b'])
  })

  it('does not let a server silence it for longer than ten minutes', async () => {
    const { send, batch, posts, time } = bench([[503, 1e12]])
    send(batch('a'))
    await time.pass(599_000)
    expect(posts).toHaveLength(1)
    await time.pass(2000)
    expect(posts).toHaveLength(2)
  })

  it('puts no more lines into a body than the ingest takes', async () => {
    const { transport, batch, posts, time } = bench()
    for (let n = 0; n < 150; n++) transport.enqueue(batch(`a${n}`))
    transport.pump()
    await time.pass(0)
    expect(posts.map(({ body }) => body.split('\n').length)).toEqual([100, 50])
  })

  it('drops a batch that is refused, and counts it', async () => {
    const { send, batch, names, time, lost } = bench([400])
    send(batch('a', 3))
    await time.pass(0)
    send(batch('b'))
    await time.pass(60_000)
    expect(names()).toEqual(['a', 'b'])
    expect(lost).toEqual({ refused: 3 })
  })

  it.each([403, 410])(
    'sends nothing more after %i, whatever the viewer chooses, and counts all of it',
    async (status) => {
      const { transport, send, batch, posts, time, lost } = bench([status])
      send(batch('a', 3))
      await time.pass(0)
      transport.setConsent('granted', false)
      send(batch('b', 2))
      await time.pass(600_000)
      expect(posts).toHaveLength(1)
      expect(lost).toEqual({ refused: 5 })
    },
  )

  it('leaves to its own answer what was under way when another request was refused for good', async () => {
    const { transport, batch, lost, time } = bench([403, 202])
    for (const one of [batch('a', 2), batch('b', 3)]) {
      transport.enqueue(one)
      transport.sendAll()
    }
    await time.pass(0)
    expect(lost).toEqual({ refused: 2 })
  })

  it('halves what is too large until it fits, and drops only an event that alone does not', async () => {
    const { send, batch, posts, time, lost } = bench([413, 413, 413])
    send(batch('a', 4))
    await time.pass(0)
    expect(posts.map(({ body }) => JSON.parse(body).events)).toEqual([
      ['a0', 'a1', 'a2', 'a3'],
      ['a0', 'a1'],
      ['a0'],
      ['a1'],
      ['a2', 'a3'],
    ])
    expect(lost).toEqual({ too_large: 1 })
  })

  it('keeps of the oldest only its totals when too much waits, and counts the rest', async () => {
    const { send, batch, time, lost, posts } = bench([503])
    send(batch('a'))
    await time.pass(0)
    send(batch('b', 7, MAX_BACKLOG_BYTES - 100), batch('c', 2, 200))
    await time.pass(2000)
    expect(lost).toEqual({ queue_full: 6 })
    const left = posts
      .at(-1)!
      .body.split('\n')
      .map((line) => JSON.parse(line).events)
    expect(left).toEqual([['a0'], ['b6'], ['c0', 'c1']])
  })

  it('drops totals only when there is nothing else to drop', async () => {
    const { send, batch, lost, time } = bench([503])
    send(batch('a'))
    await time.pass(0)
    send(batch('b', 1, MAX_BACKLOG_BYTES), batch('c', 1, 200))
    expect(lost).toEqual({ queue_full: 2 })
  })

  it('never drops what is under way', async () => {
    const { send, batch, lost } = bench(['never'])
    send(batch('a', 1, MAX_BACKLOG_BYTES))
    send(batch('b', 2, 200))
    expect(lost).toEqual({ queue_full: 2 })
  })
})

describe('what may outlive the page', () => {
  it('asks to outlive it only within the 60 KiB that all requests under way share', async () => {
    const { transport, batch, posts } = bench(['never', 'never', 'never'])
    for (const name of ['a', 'b']) {
      transport.enqueue(batch(name, 1, 35_000))
      transport.sendAll()
    }
    expect(posts.map(({ keepalive }) => keepalive)).toEqual([true, false])
  })

  it('is tried without after a failure, for others of the page may have used up what there is', async () => {
    const { send, batch, posts, time } = bench([0, 202, 202])
    send(batch('a'))
    await time.pass(2000)
    send(batch('b'))
    await time.pass(0)
    expect(posts.map(({ keepalive }) => keepalive)).toEqual([true, false, true])
  })

  it('a request that would die with the page is beaconed as it goes', async () => {
    const { transport, batch, send, beacons, named, time } = bench([0, 'never'])
    send(batch('a'))
    await time.pass(600)
    transport.leave()
    expect(beacons.map(named)).toEqual(['a'])
  })

  it('is left with the browser, but for what is on its way', async () => {
    const { transport, batch, send, kept, named, time } = bench(['never'])
    transport.views.add({ tail: () => batch('tail'), forget: () => {} })
    send(batch('a'))
    await time.pass(0)
    transport.touch()
    await time.pass(300)
    expect(named(kept.left)).toBe('tail')
  })

  it('is beaconed as it is when the page goes while it is being packed, and not posted as well', async () => {
    const { transport, batch, send, beacons, named, posts, time } = bench()
    send(batch('a'))
    transport.leave()
    await time.pass(1000)
    expect(beacons.map(named)).toEqual(['a'])
    expect(posts).toEqual([])
  })

  it('is the newest, where there is not room for all', async () => {
    const { transport, batch, kept, named, time, send } = bench([503])
    send(batch('a', 1, 20_000), batch('b', 1, 20_000), batch('c', 1, 10_000))
    transport.touch()
    await time.pass(300)
    expect(named(kept.left)).toBe('b,c')
  })

  it('is kept too while it waits behind a pause', async () => {
    const { batch, send, kept, named, time } = bench([[503, 600_000]])
    send(batch('a'))
    await time.pass(0)
    send(batch('totals'))
    await time.pass(300)
    expect(named(kept.left)).toBe('a,totals')
  })

  it('is stored with consent only, and no longer than until it is answered for', async () => {
    const { transport, batch, send, kept, time } = bench([503, 503])
    send(batch('a'))
    await time.pass(300)
    expect(kept.stored).toBeUndefined()
    transport.views.add({ tail: () => batch('tail'), forget: () => {} })
    transport.setConsent('granted', false)
    expect(kept.stored).toMatchObject([{ view: 'a' }, { view: 'tail' }])
    transport.views.clear()
    await time.pass(10_000)
    expect(kept.stored).toEqual([])
  })

  it('is found by a page that lives on, too, when it next has something to send', async () => {
    const orphans: Batch[] = []
    const { transport, send, batch, names, time } = bench([], undefined, orphans)
    transport.setConsent('granted', false)
    await time.pass(1000)
    orphans.push(batch('x'))
    send(batch('a'))
    await time.pass(0)
    expect(names().flatMap((name) => name!.split(','))).toEqual(expect.arrayContaining(['x', 'a']))
  })

  it('shares the losses of its view, so that each batch that leaves reports them all', async () => {
    const { batch } = bench()
    const [old, fresh] = [batch('x', 3), batch('x', 3)]
    const { transport, posts, time } = bench([], undefined, [
      { ...old, lost: {}, at: old.at - MAX_AGE_MS - 1 },
      { ...fresh, lost: {} },
    ])
    transport.setConsent('granted', false)
    await time.pass(0)
    const dropped = posts.flatMap(({ body }) => body.split('\n').map((line) => JSON.parse(line).dropped))
    expect(dropped).toEqual([{ expired: 2 }, { expired: 2 }])
  })

  it('is delivered by the next visit as it was, and counted in its own view', async () => {
    const earlier = bench().batch('x', 3)
    const { transport, send, batch, names, posts, time } = bench([], undefined, [
      { ...earlier, lost: { refused: 1 } },
    ])
    transport.setConsent('granted', false)
    send(batch('a'))
    await time.pass(0)
    expect(names()).toEqual(['x', 'a'])
    expect(JSON.parse(posts[0]!.body)).toMatchObject({ dropped: { refused: 1 }, events: ['x0', 'x1', 'x2'] })
  })

  it('but only its totals after a week, and the rest is counted', async () => {
    const earlier = bench().batch('x', 3)
    const { transport, posts, time } = bench([], undefined, [{ ...earlier, at: earlier.at - MAX_AGE_MS - 1 }])
    transport.setConsent('granted', false)
    await time.pass(0)
    expect(JSON.parse(posts[0]!.body)).toMatchObject({ dropped: { expired: 2 }, events: ['x2'] })
  })
})

describe('a request that the page overtook', () => {
  it('as it was being packed, half of it taken by the browser: the other half goes later', async () => {
    const { transport, batch, send, beacons, named, names, time } = bench(
      [],
      (body) => !body.includes('\n') && !body.includes('"b0"'),
    )
    send(batch('a'), batch('b'))
    transport.leave()
    expect(beacons.map(named)).toEqual(['a'])
    await time.pass(1000)
    expect(names()).toEqual(['b'])
  })

  it('in a flight that would have died with it, halved by the browser: what was refused goes later', async () => {
    const { transport, batch, send, names, time, posts } = bench([0, 'never'], (body) => !body.includes('a3'))
    send(batch('a', 4))
    await time.pass(600)
    transport.leave()
    transport.returned()
    await time.pass(1000)
    expect(names().length).toBeGreaterThan(2)
    expect(posts.slice(2).flatMap(({ body }) => body.match(/a\d/g))).toContain('a3')
  })

  it('and whose answer comes when it is sent again counts nothing', async () => {
    let answerFirst = (_answer: Answer) => {}
    const { transport, batch, send, lost, time, posts } = bench([
      0,
      new Promise<Answer>((done) => (answerFirst = done)),
      202,
    ])
    send(batch('a', 2))
    await time.pass(600)
    transport.leave()
    transport.returned()
    await time.pass(0)
    answerFirst([400, 0])
    await time.pass(60_000)
    expect(lost).toEqual({})
    expect(posts).toHaveLength(3)
  })
})

describe('the viewer', () => {
  it('who denies, or an ingest that refuses for good, leaves nothing with the browser either', async () => {
    const { transport, batch, kept, time } = bench()
    transport.views.add({ tail: () => batch('tail'), forget: () => {} })
    transport.touch()
    await time.pass(300)
    expect(kept.left).not.toBe('')
    transport.setConsent('denied', true)
    transport.touch()
    await time.pass(300)
    expect(kept.left).toBe('')
  })

  it('who denies while a body is being packed has it not sent, nor does anybody wait for it', async () => {
    const { transport, batch, send, posts, lost, time } = bench()
    send(batch('a', 2))
    let isDrained = false
    transport.onceDrained(() => {
      isDrained = true
    })
    transport.setConsent('denied', true)
    await time.pass(1000)
    expect({ posts, lost, isDrained }).toEqual({ posts: [], lost: { consent: 2 }, isDrained: true })
  })

  it('who takes a choice back while a body is being packed has it kept back too', async () => {
    const { transport, batch, send, posts, time } = bench()
    send(batch('a'))
    transport.setConsent('pending', false)
    await time.pass(1000)
    expect(posts).toEqual([])
  })

  it('who denies has what is under way not tried again, and all views give up what they have', async () => {
    const { transport, batch, send, posts, lost, time } = bench([503])
    let forgotten = 0
    for (const name of ['v', 'w'])
      transport.views.add({ tail: () => batch(name, 0), forget: () => void forgotten++ })
    send(batch('a', 2))
    await Promise.resolve()
    await Promise.resolve()
    transport.setConsent('denied', false)
    await time.pass(60_000)
    expect(posts).toHaveLength(1)
    expect(lost).toEqual({ consent: 2 })
    expect(forgotten).toBe(2)
  })

  it('who withdraws a grant is not given what other pages stored, although it was asked for', () => {
    let give: ((batches: Batch[]) => void) | undefined
    const { transport, batch, store } = bench()
    store.adopt = (take) => {
      give = take
    }
    transport.setConsent('granted', false)
    transport.setConsent('denied', false)
    expect(() => give!([batch('x')])).toThrow()
  })

  it('who denies frees who waits for all to be delivered', async () => {
    const { transport, batch } = bench()
    transport.setConsent('pending', false)
    transport.enqueue(batch('a'))
    let isDrained = false
    transport.onceDrained(() => {
      isDrained = true
    })
    transport.setConsent('denied', true)
    expect(isDrained).toBe(true)
  })

  it('who has not chosen keeps everything back, however the page goes', async () => {
    const { transport, send, batch, posts, beacons, kept, time } = bench()
    transport.setConsent('pending', false)
    send(batch('a'))
    transport.sendAll()
    transport.touch()
    transport.leave()
    await time.pass(60_000)
    expect({ posts, beacons, kept }).toEqual({ posts: [], beacons: [], kept: { left: '', stored: [] } })
    transport.setConsent('granted', false)
    await time.pass(0)
    expect(posts).toHaveLength(1)
  })

  it('who denies gives up what waits, which is counted; and all that comes, where nothing may leave', async () => {
    const { transport, send, batch, posts, lost, time } = bench()
    transport.setConsent('pending', false)
    send(batch('a', 3))
    transport.setConsent('denied', true)
    send(batch('b', 2))
    await time.pass(60_000)
    expect(posts).toEqual([])
    expect(lost).toEqual({ consent: 5 })
    transport.setConsent('granted', false)
    send(batch('c'))
    await time.pass(0)
    expect(JSON.parse(posts[0]!.body).dropped).toEqual({ consent: 5 })
  })
})

describe('a network that comes back', () => {
  it('is used at once, but not before the server asked', async () => {
    const { transport, send, batch, posts, time } = bench([0, [503, 30_000]])
    send(batch('a'))
    await time.pass(0)
    transport.retry()
    await time.pass(0)
    expect(posts).toHaveLength(2)
    transport.retry()
    await time.pass(29_000)
    expect(posts).toHaveLength(2)
  })

  it('is looked for ever less where nothing ever answered: ten times in ten minutes', async () => {
    const { send, batch, posts, time } = bench(Array(100).fill(0))
    send(batch('a'))
    await time.pass(600_000)
    expect(posts.length).toBeLessThanOrEqual(11)
  })

  it('finds a thousand clients that were sent away spread over their next second', async () => {
    const delays = Array.from({ length: 1000 }, () => {
      const [asked, jitter] = retryDelay(0, 30_000, true, Math.random)
      return asked + jitter
    })
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(30_000)
    for (let tenth = 0; tenth < 10; tenth++) {
      const within = delays.filter((delay) => Math.floor((delay - 30_000) / 100) === tenth)
      expect(within.length).toBeGreaterThan(50)
    }
  })
})

describe('when the page goes', () => {
  it('all that waits is given to the browser, but not what is under way', async () => {
    const { transport, batch, send, beacons, time } = bench(['never'])
    send(batch('a'))
    await time.pass(0)
    send(batch('b'), batch('c'))
    transport.leave()
    expect(beacons).toHaveLength(1)
    expect(beacons[0]).not.toContain('"a"')
    transport.leave()
    expect(beacons).toHaveLength(1)
  })

  it('a beacon that is refused is tried in smaller ones, and what is left waits', async () => {
    const { transport, batch, send, beacons, names, time } = bench(
      [503, 202],
      (body) => !body.includes('\n') && !body.includes('big'),
    )
    send(batch('a'))
    await time.pass(0)
    send(batch('b'), batch('big'))
    transport.leave()
    expect(beacons.map((body) => JSON.parse(body).name)).toEqual(['a', 'b'])
    await time.pass(1000)
    expect(names()).toEqual(['a', 'big'])
  })

  it('a beacon that does not fit does not hold up a smaller one behind it', async () => {
    const { transport, batch, beacons } = bench([], (body) => !body.includes('big'))
    transport.enqueue(batch('big', 1, 50_000))
    transport.enqueue(batch('end', 1, 20_000))
    transport.leave()
    expect(beacons.map((body) => JSON.parse(body).name)).toEqual(['end'])
  })

  it('a batch that is refused goes in halves, and what is refused of it stays one', () => {
    const { transport, batch, beacons, kept } = bench([], (body) => !/b\d/.test(body) && !body.includes('a3'))
    transport.enqueue(batch('a', 4))
    transport.enqueue(batch('b', 4))
    transport.leave()
    expect(beacons.map((body) => JSON.parse(body).events)).toEqual([['a0', 'a1'], ['a2']])
    const left = () => kept.left.split('\n').map((line) => JSON.parse(line).events)
    transport.leave()
    expect(left()).toEqual([['a3'], ['b0', 'b1', 'b2', 'b3']])
  })

  it('and comes back, what was beaconed goes again: nobody answered for it', async () => {
    const { transport, batch, beacons, names, time } = bench()
    transport.enqueue(batch('a'))
    transport.leave()
    expect(beacons).toHaveLength(1)
    transport.returned()
    await time.pass(0)
    expect(names()).toEqual(['a'])
  })

  it('or is hidden, all that waits is posted beside what is under way', async () => {
    const { transport, batch, send, names, time } = bench(['never'])
    send(batch('a'))
    await time.pass(0)
    transport.enqueue(batch('b'))
    transport.sendAll()
    expect(names()).toEqual(['a', 'b'])
  })
})

describe('who waits for the transport', () => {
  it('is told when all is delivered, and not before', async () => {
    const { transport, batch, send, time, posts } = bench()
    send(batch('a'))
    send(batch('b'))
    let told = 0
    void transport.settled()!.then(() => told++)
    transport.onceDrained(() => told++)
    await Promise.resolve()
    expect(told).toBe(0)
    await time.pass(0)
    expect(told).toBe(2)
    expect(posts).toHaveLength(2)
  })

  it('is told that an attempt has failed, but not that all is delivered until it is', async () => {
    const { transport, batch, send, time } = bench([503])
    send(batch('a'))
    await transport.settled()
    let drained = false
    transport.onceDrained(() => {
      drained = true
    })
    await time.pass(0)
    expect(drained).toBe(false)
    await time.pass(1000)
    expect(drained).toBe(true)
    expect(time.pending).toBe(0)
  })
})
