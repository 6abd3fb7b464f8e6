#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { exit, stderr, stdout } from 'node:process';
import { CommanderError } from 'commander';
import { describeFailure, exitCodeOf } from './cli/exit-code.js';
import { buildProgram } from './cli/program.js';

// `gimbal ... | head` closes the pipe when it has seen enough: that is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  exit(0);
});

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
}; // our own

try {
  await buildProgram(version).parseAsync();
} catch (error) {
  // What commander throws it has told already.
  if (!(error instanceof CommanderError)) stderr.write(`gimbal: ${describeFailure(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
