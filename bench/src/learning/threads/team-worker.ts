/** A thread that helps with one training after another. */
import { parentPort } from 'node:worker_threads';
import { runTeamMember, type TeamStart } from '@gimbal/learning';

parentPort?.on('message', (start: TeamStart) => runTeamMember(start));
parentPort?.postMessage('ready');
