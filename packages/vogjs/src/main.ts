#!/usr/bin/env node
import process from 'node:process';
import { runCommandLine } from './command-line.js';

// `vogjs demo | head` closes the pipe early: what is left to say is lost, what is left to do is not.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
