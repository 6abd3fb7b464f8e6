// Runs a member of a thread team from its TypeScript source: Node strips the types, the hook finds `x.ts` behind `x.js`.
import { registerHooks } from 'node:module';
import { parentPort } from 'node:worker_threads';

registerHooks({
  resolve: (specifier, context, next) =>
    next(context.parentURL?.endsWith('.ts') ? specifier.replace(/\.js$/, '.ts') : specifier, context),
});
const { runTeamMember } = await import('../src/parallel/thread-team.ts');
parentPort.on('message', (start) => {
  runTeamMember(start);
  parentPort.postMessage('home');
});
parentPort.postMessage('ready');
