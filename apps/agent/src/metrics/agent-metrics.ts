import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { Database } from '../database/database.js';
import { type AgentFigures, readAgentFigures } from './read-agent-figures.js';

/** The registry of metrics belongs to the process; a service that is built twice in one (tests) meets its own again. */
function gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
  const known = register.getSingleMetric(name);
  return known instanceof Gauge ? (known as Gauge<L>) : new Gauge({ name, help, labelNames }); // ours, by its name
}

const gauges = {
  actions: gauge('gimbal_agent_actions', 'Actions of the last 24 hours by type and state.', ['type', 'state']),
  approvalsPending: gauge('gimbal_agent_approvals_pending', 'Proposals that wait for an approver.', []),
  underWay: gauge('gimbal_agent_actions_under_way', 'Actions that are being executed or verified.', []),
  isPaused: gauge('gimbal_agent_paused', '1 while the agent is paused.', []),
  decidedAt: gauge('gimbal_agent_decided_timestamp_seconds', 'When the agent last took an assessment in.', []),
};

/** Whether the agent is well, for Prometheus. Read from the tables with each scrape: every replica says the same, and a restart forgets nothing. */
@Injectable()
export class AgentMetrics {
  private reading: Promise<void> | undefined;

  constructor(private readonly database: Database) {
    // A scrape asks all gauges at once: they wait for one and the same reading.
    for (const one of Object.values(gauges)) Object.assign(one, { collect: () => this.collectOnce() });
  }

  private collectOnce(): Promise<void> {
    this.reading ??= this.collect().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async collect(): Promise<void> {
    // With the database away there is no figure: an absent sample says so, an old one would lie.
    const figures = await readAgentFigures(this.database.reader, new Date()).catch(() => null);
    for (const one of Object.values(gauges)) one.reset();
    if (figures) show(figures);
  }
}

function show({ actions, approvalsPending, underWay, isPaused, decidedAt }: AgentFigures): void {
  for (const { type, state, count } of actions) gauges.actions.set({ type, state }, count);
  gauges.approvalsPending.set(approvalsPending);
  gauges.underWay.set(underWay);
  gauges.isPaused.set(isPaused ? 1 : 0);
  if (decidedAt) gauges.decidedAt.set(decidedAt.getTime() / 1_000);
}
