import { describe, expect, it } from 'vitest'
import { stampCmcd } from './stampCmcd.ts'

const cmcdOf = (url: string) => new URL(url).searchParams.get('CMCD')
const withCmcd = (cmcd: string) => `https://cdn.example/a.m4s?CMCD=${encodeURIComponent(cmcd)}`

describe('stampCmcd', () => {
  it('names the view and the content, and leaves the other keys in the order of the alphabet', () => {
    const url = withCmcd('bl=1000,br=200,cid="old",nor="b.m4s",sid="old",su')
    expect(cmcdOf(stampCmcd(url, 'V2', 'ep-2'))).toBe('bl=1000,br=200,cid="ep-2",nor="b.m4s",sid="V2",su')
  })

  it('names them where nothing was named', () => {
    expect(cmcdOf(stampCmcd(withCmcd('bl=1000,su'), 'V2', 'ep-2'))).toBe('bl=1000,cid="ep-2",sid="V2",su')
  })

  it('is not misled by quotes and commas in a content id', () => {
    const first = stampCmcd(withCmcd('bl=1000'), 'V1', 'a "b",sid="c",\\')
    expect(cmcdOf(first)).toBe('bl=1000,cid="a \\"b\\",sid=\\"c\\",\\\\",sid="V1"')
    expect(cmcdOf(stampCmcd(first, 'V2', 'ep-2'))).toBe('bl=1000,cid="ep-2",sid="V2"')
  })

  it('takes blanks that are written as +', () => {
    const url = 'https://cdn.example/a.m4s?CMCD=cid%3D%22a+b%22%2Ccom.example-x%3D%22c+d%22%2Csid%3D%22V1%22'
    expect(cmcdOf(stampCmcd(url, 'V2', 'ep-2'))).toBe('cid="ep-2",com.example-x="c d",sid="V2"')
  })

  it('leaves everything else of the URL as it was, however it is written', () => {
    const url = 'https://cdn.example/a%20b.m4s?sig=a%2Fb+c~d&CMCD=su&e=1#f'
    expect(stampCmcd(url, 'V2', 'ep-2')).toBe(
      'https://cdn.example/a%20b.m4s?sig=a%2Fb+c~d&CMCD=cid%3D%22ep-2%22%2Csid%3D%22V2%22%2Csu&e=1#f',
    )
  })

  it('leaves the content out when there is none, or when its id is longer than the standard allows', () => {
    const url = withCmcd('cid="old",sid="old"')
    expect(cmcdOf(stampCmcd(url, 'V2'))).toBe('sid="V2"')
    expect(cmcdOf(stampCmcd(url, 'V2', 'x'.repeat(65)))).toBe('sid="V2"')
    expect(cmcdOf(stampCmcd(url, 'V2', 'x'.repeat(64)))).toContain('cid="xxx')
  })

  it.each([
    'https://cdn.example/a.m4s',
    'https://cdn.example/a.m4s?xCMCD=su',
    'https://cdn.example/a.m4s#?CMCD=su',
    'https://cdn.example/a.m4s?CMCD=%E0%A4%A',
    'skd://key?id=1',
    '',
  ])('leaves %j alone', (url) => {
    expect(stampCmcd(url, 'V2', 'ep-2')).toBe(url)
  })
})
