#!/usr/bin/env node
import '../dist/timeline.mjs'
