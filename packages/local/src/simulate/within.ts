import type { Time } from './createTime.ts'

/** What a call answers, unless that takes longer than `ms`: then it rejects, and the call goes on unheard. */
export const within = async <Result>(time: Time, ms: number, call: Promise<Result>): Promise<Result> => {
  const answered = new AbortController()
  const giveUp = async (): Promise<never> => {
    await time.sleep(ms, answered.signal)
    throw new Error('The operation was aborted due to timeout')
  }
  try {
    return await Promise.race([call, giveUp()])
  } finally {
    answered.abort()
  }
}
