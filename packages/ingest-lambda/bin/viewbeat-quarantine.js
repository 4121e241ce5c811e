#!/usr/bin/env node
import '../dist/quarantine.mjs'
