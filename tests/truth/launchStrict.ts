import { chromium } from 'playwright-core'

/** Starts a Chromium that lets nothing play with sound before the viewer has done something, as viewers' browsers do. */
export const launchStrict = () =>
  chromium.launch({
    executablePath: process.env.CHROME_PATH as string,
    args: [
      // Chromium's sandbox does not start for root, as which CI runs.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--autoplay-policy=document-user-activation-required',
      '--disable-gpu',
    ],
  })
