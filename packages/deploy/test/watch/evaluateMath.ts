/** A value in a period; undefined where there is none. */
export type Value = number | undefined

const TOKEN = /\s*(>=|<=|[-+*/(),<>]|\d+(?:\.\d+)?|[A-Za-z_]\w*)/gy

const tokenize = (expression: string): string[] => {
  const tokens = [...expression.matchAll(TOKEN)].map(([, token]) => token!)
  if (tokens.join('') !== expression.replaceAll(/\s/g, '')) throw new Error(`not understood: ${expression}`)
  return tokens
}

const OPERATORS: readonly Record<string, (a: number, b: number) => Value>[] = [
  {
    '>=': (a, b) => Number(a >= b),
    '<=': (a, b) => Number(a <= b),
    '>': (a, b) => Number(a > b),
    '<': (a, b) => Number(a < b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  // Of a division by zero there is no datapoint.
  { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? undefined : a / b) },
]

const FUNCTIONS: Record<string, (...values: Value[]) => Value> = {
  FILL: (value, otherwise) => value ?? otherwise,
  IF: (condition, yes, no) => (condition === undefined ? undefined : condition !== 0 ? yes : no),
}

/**
 * CloudWatch's metric math in one period, as far as the alarms use it: arithmetic, comparisons, `FILL` and `IF`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export const evaluateMath = (expression: string, values: Readonly<Record<string, Value>>): Value => {
  const tokens = tokenize(expression)
  const expect = (token: string) => {
    if (tokens.shift() !== token) throw new Error(`${token} expected: ${expression}`)
  }
  const atom = (): Value => {
    const token = tokens.shift()
    if (token === undefined) throw new Error(`ends early: ${expression}`)
    if (token === '(') {
      const value = level(0)
      expect(')')
      return value
    }
    if (/^\d/.test(token)) return Number(token)
    if (tokens[0] !== '(') {
      if (!(token in values)) throw new Error(`no series ${token}: ${expression}`)
      return values[token]
    }
    const call = FUNCTIONS[token]
    if (!call) throw new Error(`no function ${token}: ${expression}`)
    const given: Value[] = []
    let between = tokens.shift()
    while (between === '(' || between === ',') {
      given.push(level(0))
      between = tokens.shift()
    }
    if (between !== ')') throw new Error(`) expected: ${expression}`)
    return call(...given)
  }
  const level = (depth: number): Value => {
    const operators = OPERATORS[depth]
    if (!operators) return atom()
    let left = level(depth + 1)
    for (let apply = operators[tokens[0]!]; apply; apply = operators[tokens[0]!]) {
      tokens.shift()
      const right = level(depth + 1)
      left = left === undefined || right === undefined ? undefined : apply(left, right)
    }
    return left
  }
  const value = level(0)
  if (tokens.length > 0) throw new Error(`more than an expression: ${expression}`)
  return value
}
