import { workerData } from 'node:worker_threads';
import { runTeamMember, type TeamStart } from '@gimbal/learning/team';

runTeamMember(workerData as TeamStart); // from start-team.ts
