import { setTimeout as sleep } from 'node:timers/promises';
import { GimbalClient } from '@gimbal/client';
import type { AgentAction, HealthAssessment, Incident, Prediction } from '@gimbal/contracts';
import type { z } from 'zod';
import type { Secrets } from '../supervisor/secrets.js';
import type { Patient } from './patients.js';
import type { Story } from './story.js';

export const MODEL = 'heart-disease';
const ROWS_PER_REQUEST = 50;
const POLL_MS = 150;
const FINAL_ACTIONS = new Set(['succeeded', 'failed', 'compensated', 'rejected', 'expired', 'superseded', 'dry-run']);

type Assessment = z.output<typeof HealthAssessment>;
type IncidentSeen = z.output<typeof Incident>;

/** What came of streaming one group of patients. */
export interface Visit {
  readonly from: string;
  readonly sent: number;
  readonly assessment: Assessment;
  readonly incident: IncidentSeen;
}

/** Asks `look` until it gives a value; fails with what was waited for. */
export async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(POLL_MS);
  }
}

/** The hospital's side of the story: one client per key, as different people and programs would have. */
export class Clinic {
  readonly as: Readonly<Record<keyof Secrets['apiKeys'], GimbalClient>>;

  constructor(
    readonly url: string,
    keys: Secrets['apiKeys'],
    private readonly story: Story,
  ) {
    const client = (apiKey: string) => new GimbalClient({ url, apiKey, timeoutMs: 60_000 });
    this.as = {
      admin: client(keys.admin),
      operator: client(keys.operator),
      approver: client(keys.approver),
      predictor: client(keys.predictor),
      viewer: client(keys.viewer),
    };
  }

  /** Predicts patients and reports their outcomes, as a ward would over the day; returns the window's start. */
  async stream(patients: readonly Patient[]): Promise<{ from: string; predictions: z.input<typeof Prediction>[] }> {
    // The window begins now; the clock of the services is this machine's.
    const from = new Date().toISOString();
    const predictions: z.input<typeof Prediction>[] = [];
    for (let start = 0; start < patients.length; start += ROWS_PER_REQUEST) {
      const group = patients.slice(start, start + ROWS_PER_REQUEST);
      const answer = (await this.as.predictor.predict(`/api/v1/models/${MODEL}/predict`, {
        rows: group.map(({ features }) => features),
      })) as {
        results: z.input<typeof Prediction>[]; // the route's own answer; read back through the log below
      };
      predictions.push(...answer.results);
      this.story.progress(`${predictions.length} of ${patients.length} patients`);
    }
    const labels = predictions.map((prediction, index) => ({
      prediction_id: prediction.prediction_id,
      actual: patients[index]?.actual ?? 0,
    }));
    await this.as.predictor.call('postLabels', { body: { labels } });
    this.story.endProgress();
    return { from, predictions };
  }

  /** Waits until every row since `from` is in the log with its label, has the window assessed, and waits for the agent's conclusion. */
  async assess(from: string, sent: number): Promise<Visit> {
    await until(`${sent} predictions in the log`, 120, async () => {
      const page = await this.as.viewer.call('listPredictions', {
        query: { model: MODEL, from, labelled: 'true', limit: '1000' },
      });
      this.story.progress(`${page.items.length} of ${sent} rows logged`);
      return page.items.length >= sent ? true : undefined;
    });
    const { assessmentId } = await this.as.operator.call('postAssessment', { body: { model: MODEL, from } });
    const assessment = await until('the assessment', 120, async () => {
      const found = await this.as.viewer.call('getAssessment', { params: { id: assessmentId } });
      if (found.state === 'failed') throw new Error(`the assessment failed: ${found.error}`);
      return found.state === 'done' ? found : undefined;
    });
    const incident = await until("the agent's conclusion", 120, async () => {
      const page = await this.as.viewer.call('listIncidents', { query: { assessment_id: assessmentId } });
      const found = page.items[0];
      // Low-risk actions run by themselves: the conclusion is complete when they have ended.
      return found?.actions.every((action) => action.requiresApproval || FINAL_ACTIONS.has(action.state))
        ? found
        : undefined;
    });
    this.story.endProgress();
    return { from, sent, assessment, incident };
  }

  async visit(patients: readonly Patient[]): Promise<Visit> {
    const { from } = await this.stream(patients);
    return this.assess(from, patients.length);
  }

  /** Approves with another person's key and waits for the end of the action. */
  async approve(action: AgentAction, comment: string): Promise<{ action: AgentAction; approvedAt: number }> {
    await this.as.approver.call('approveAction', { params: { id: action.id }, body: { comment } });
    const approvedAt = Date.now();
    const ended = await until(`the end of ${action.actionType}`, 600, async () => {
      const found = await this.as.viewer.call('getAction', { params: { id: action.id } });
      this.story.progress(`${found.actionType}: ${found.state}`);
      return FINAL_ACTIONS.has(found.state) ? found : undefined;
    });
    this.story.endProgress();
    return { action: ended, approvedAt };
  }

  async liveVersion(): Promise<number | null> {
    return (await this.as.viewer.call('getModel', { params: { model: MODEL } })).liveVersion;
  }
}

/** The numbers of an assessment that the story shows; null where the window had no answer. */
export function figuresOf({ assessment, sent }: Visit): Record<string, unknown> {
  return {
    assessment: assessment.id,
    patients: sent,
    rows: assessment.rows,
    labelled: assessment.labelledRows,
    verdict: assessment.verdict,
    data_quality: assessment.dataQuality,
    drift_detected: assessment.driftDetected,
    performance: assessment.performance,
    summary: assessment.summary,
  };
}

/** Each action of an incident with its state, and each refused one with the reason. */
export function actionsOf({ incident }: Visit): Record<string, unknown> {
  return {
    incident: incident.id,
    conclusion: incident.conclusion,
    actions: incident.actions.map(({ actionType, riskLevel, state }) => `${actionType} (${riskLevel}): ${state}`),
    refused: incident.refused.map(({ actionType, code }) => `${actionType}: ${code}`),
  };
}

export const findAction = (visit: Visit, type: AgentAction['actionType']): AgentAction | undefined =>
  visit.incident.actions.find(({ actionType }) => actionType === type);
export const ran = (visit: Visit, type: AgentAction['actionType']): boolean =>
  findAction(visit, type)?.state === 'succeeded';
