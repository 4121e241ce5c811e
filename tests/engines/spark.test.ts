import { execFileSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeArchive } from '../../packages/sinks/test/writeArchive.ts'
import { root } from '../root.ts'

/** The Python that has Spark: `npm run test:engines` gives it. */
const python = process.env.VIEWBEAT_SPARK_PYTHON
if (!python) throw new Error('VIEWBEAT_SPARK_PYTHON is not set; npm run test:engines sets it')

/** Answers in one run what the tests ask, and runs the example: a start of Spark takes its time. FAILFAST ends it at a bad line. */
const QUESTIONS = `
import json, runpy, sys
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
lines = spark.read.option("mode", "FAILFAST").json(sys.argv[1] + "/events")
events = lines.dropDuplicates(["view_id", "seq"]).cache()
day = F.to_date((F.col("ts") / 1000).cast("timestamp"))
text = spark.read.text(sys.argv[1] + "/events")
print("ANSWERS" + json.dumps({
  "lines": lines.count(),
  "textLines": text.count(),
  "events": events.count(),
  "perHour": [row.asDict() for row in events.groupBy(F.col("dt").cast("string").alias("dt"), "hour")
              .agg(F.count("*").alias("events")).orderBy("dt", "hour").collect()],
  "late": [[str(row[0]), row[1]] for row in events.where(day == "2026-11-19").groupBy("dt").count().collect()],
  "title": [row[0] for row in lines.where("view_id = 'view-3'").select("context.content.title").distinct().collect()],
}))
runpy.run_path(sys.argv[2])
`

/** A small Spark in one process, that nobody else can reach. */
const SUBMIT = [
  ...['--master', 'local[1]', '--driver-memory', '512m'],
  ...[
    'spark.ui.enabled=false',
    'spark.driver.bindAddress=127.0.0.1',
    'spark.driver.host=127.0.0.1',
    'spark.sql.session.timeZone=UTC',
    'spark.sql.shuffle.partitions=1',
  ].flatMap((setting) => ['--conf', setting]),
  'pyspark-shell',
].join(' ')

const ask = (script: string, ...args: string[]) =>
  execFileSync(python, [script, ...args], {
    env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', PYSPARK_SUBMIT_ARGS: SUBMIT },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()

let archive: Awaited<ReturnType<typeof writeArchive>>
let answers: Record<string, unknown>
let shown: string

beforeAll(async () => {
  archive = await writeArchive()
  const script = join(archive.folder, 'questions.py')
  await writeFile(script, QUESTIONS)
  const [, answered] = ask(script, archive.folder, join(root, 'examples/archive/events.py')).split('ANSWERS')
  const end = answered!.indexOf('\n')
  answers = JSON.parse(answered!.slice(0, end))
  shown = answered!.slice(end)
}, 180_000)
afterAll(() => rm(archive.folder, { recursive: true }))

describe('Spark reads of the archive', () => {
  it('each line by itself, those of every copy and of every gzip member', () => {
    expect(answers).toMatchObject({ lines: archive.truth.lines, textLines: archive.truth.lines })
  })

  it('each event once, by the hour in which it was received', () => {
    expect(answers).toMatchObject({ events: archive.truth.events, perHour: archive.truth.perHour })
  })

  it('an event that is three days late by its own day', () => {
    expect(answers.late).toEqual([['2026-11-22', archive.truth.late]])
  })

  it('what a viewer may write, as it was written', () => {
    expect(answers.title).toEqual([archive.truth.title])
  })

  it('what the script in the examples shows', () => {
    for (const { dt, hour, events } of archive.truth.perHour)
      expect(shown).toMatch(new RegExp(`\\|${dt}\\|${hour} +\\|${events} +\\|`))
  })
})
