import { defineConfig } from 'vitest/config'

/** One file at a time: these measure times in a real browser. */
const inChromium = {
  testTimeout: 120_000,
  hookTimeout: 60_000,
  fileParallelism: false,
  // Most of a scene is waiting.
  maxConcurrency: 8,
}

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
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...inChromium,
          name: 'e2e',
          include: ['tests/{ads,cmcd,delivery,e2e}/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...inChromium,
          name: 'players',
          retry: 1,
          include: ['tests/truth/{truth,live,corners}.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
