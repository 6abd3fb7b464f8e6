// Runs a member of a thread team from its TypeScript source.
import { parentPort } from 'node:worker_threads';
import './strip-types.mjs';

const { runTeamMember } = await import('../src/parallel/thread-team.ts');
parentPort.on('message', (start) => {
  runTeamMember(start);
  parentPort.postMessage('home');
});
parentPort.postMessage('ready');
