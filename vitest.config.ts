import { defineConfig } from 'vitest/config'

/** One file at a time: these measure times in a real browser, or run a real runtime. */
const oneAtATime = {
  testTimeout: 120_000,
  hookTimeout: 60_000,
  fileParallelism: false,
  // Most of a scene is waiting.
  maxConcurrency: 8,
}

/** These hold the whole pipeline to what was on screen, or watch for a minute and count what is sent: with the players. */
const WATCHED = ['tests/e2e/watching.test.ts', 'tests/delivery/wire.test.ts']

/** Sets off every alarm by the real code, which takes its time: with the faults. */
const ALARMS = 'packages/deploy/test/alarms.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.{ts,tsx}',
            'tests/repo/*.test.ts',
            'tests/truth/witness.test.ts',
            'examples/**/*.test.js',
          ],
          exclude: ['**/node_modules/**', ALARMS],
          // Vitest leaves a core alone, which on two is half of them.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...oneAtATime,
          name: 'e2e',
          include: ['tests/{delivery,e2e}/*.test.ts'],
          exclude: WATCHED,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...oneAtATime,
          name: 'players',
          // A machine that stutters fails a scene now and then: it is played again, alone.
          retry: 2,
          include: ['tests/truth/{truth,live,corners}.test.ts', 'tests/{ads,cmcd}/*.test.ts', ...WATCHED],
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/{faults,fuzz,restart}/*.test.ts', ALARMS],
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...oneAtATime,
          name: 'runtime',
          include: ['tests/runtime/*.test.ts'],
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          ...oneAtATime,
          // `npm run test:engines` starts the engines and runs this.
          name: 'engines',
          include: ['tests/engines/*.test.ts'],
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
})
