import { type HandlersFor, JobsModule } from '@gimbal/platform';
import { DecisionModule } from '../decision/decision.module.js';
import { DecisionService } from '../decision/decision.service.js';
import { ExecutionModule } from '../execution/execution.module.js';
import { ExecutionService } from '../execution/execution.service.js';
import { TickModule } from '../tick/tick.module.js';
import { TickService } from '../tick/tick.service.js';

/** An action that watches its post-condition keeps a worker for up to ten seconds; the others go on meanwhile. */
const CONCURRENCY = 4;

/**
 * Every job addressed to the agent. What training and the registry tell is only a reason to look at the action again: the executor reads
 * the rows, so a message that is lost, doubled or late changes nothing.
 */
function handleJobs(decisions: DecisionService, execution: ExecutionService, ticks: TickService): HandlersFor<'agent'> {
  return {
    'health.assessed': async ({ assessmentId }) => await decisions.decideOn(assessmentId),
    'action.due': async ({ actionId }, { signal }) => await execution.drive(actionId, signal),
    'version.registered': async ({ decisionId }, { signal }) => {
      if (decisionId !== null) await execution.drive(decisionId, signal);
    },
    'training.failed': async ({ decisionId }, { signal }) => await execution.drive(decisionId, signal),
    'agent.tick': async (_payload, { signal }) => await ticks.tick(signal),
  };
}

/** Takes the agent's jobs from the queue. */
export const AgentJobsModule = JobsModule.consume({
  service: 'agent',
  imports: [DecisionModule, ExecutionModule, TickModule],
  inject: [DecisionService, ExecutionService, TickService],
  handlers: handleJobs,
  concurrency: CONCURRENCY,
});
