#!/usr/bin/env node
import '../dist/replay.mjs'
