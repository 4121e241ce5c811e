// `npm run test:python`: classes from the published JSON Schema, and the vectors through them, in Python.
import { join } from 'node:path'
import { root, run } from './setup.mjs'
import { withPython } from './withPython.mjs'

const example = join(root, 'examples/python-events')

await withPython(
  { script: 'test:python', requirements: join(example, 'requirements.txt'), cache: 'viewbeat-python' },
  async (inVenv) => {
    for (const role of ['reader', 'producer'])
      await run(inVenv('python'), [join(example, 'generate.py'), role])
    await run(inVenv('python'), [join(example, 'check.py')])
  },
)
