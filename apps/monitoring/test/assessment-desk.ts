import { eventually } from '@gimbal/testing';
import { expect } from '@jest/globals';
import type { LoggedRow, MonitoringWorld } from './monitoring-world.js';

/** Noon of yesterday, UTC: a window from here on lies wholly in the past. */
export const NOON = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000);

/** An answered row, and what came true. */
export interface LabelledVisit {
  readonly row: LoggedRow;
  readonly actual: string | number | boolean;
}

/** What a person does with assessments: brings patients, asks for a judgement, waits for it. */
export class AssessmentDesk {
  constructor(private readonly world: MonitoringWorld) {}

  /** Logs visits and reports the outcomes of the first `labelled` of them. */
  async bring(visits: readonly LabelledVisit[], labelled = visits.length): Promise<void> {
    const { world } = this;
    await world.log(visits.map(({ row }) => row));
    const ids = visits.map(({ row }) => row.id);
    await eventually(async () =>
      expect(await world.owner.prediction.count({ where: { id: { in: ids } } })).toBe(visits.length),
    );
    const labels = visits.slice(0, labelled).map(({ row, actual }) => ({ prediction_id: row.id, actual }));
    if (labels.length > 0) await world.call('POST', '/api/v1/labels', { body: { labels } });
  }

  /** The assessment once it has come to this state. */
  ended(id: string, state = 'done') {
    return eventually(async () => {
      const { json } = await this.world.call('GET', `/api/v1/assessments/${id}`);
      expect(json.state).toBe(state);
      return json;
    });
  }

  /** Asks for an assessment and waits for its end. */
  async assess(body: Record<string, unknown>, state = 'done') {
    const accepted = await this.world.call('POST', '/api/v1/assessments', { body });
    expect(accepted).toMatchObject({
      status: 202,
      json: { status_url: `/api/v1/assessments/${accepted.json.assessment_id}` },
    });
    return await this.ended(accepted.json.assessment_id, state);
  }
}
