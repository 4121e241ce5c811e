import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/**/*.test.{ts,tsx}', 'tests/repo/*.test.ts', 'examples/**/*.test.js'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // After the rest and one at a time: these measure times in a real browser.
        test: {
          name: 'e2e',
          include: ['tests/e2e/*.test.ts', 'tests/delivery/*.test.ts'],
          // Most of a delivery scenario is waiting.
          maxConcurrency: 8,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
