import { createHash } from 'node:crypto';
import type { PrismaClient } from '@gimbal/db';
import { ACTOR_HEADER, type BuiltService, buildService, encodeActor, JobQueue } from '@gimbal/platform';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { agentService } from '../src/agent.service-definition.js';
import type { agentConfig } from '../src/config.js';
import { arrangeAssessment, type Finding } from './assessments.js';
import { type Neighbours, startNeighbours } from './neighbours.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const GATEWAY_KEY = 'test-key-of-gateway';

/** People, by their keys. */
export const PEOPLE = {
  asker: { id: '11111111-1111-4111-8111-111111111111', name: 'olga', roles: ['operator', 'approver'] },
  approver: { id: '22222222-2222-4222-8222-222222222222', name: 'anna', roles: ['approver'] },
  admin: { id: '33333333-3333-4333-8333-333333333333', name: 'ada', roles: ['admin'] },
  viewer: { id: '44444444-4444-4444-8444-444444444444', name: 'vera', roles: ['viewer'] },
};

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly as?: keyof typeof PEOPLE;
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely; what matters is asserted
  readonly body: any;
}

/** The agent on a real database and queue, with the edges of its neighbours on real HTTP. */
export interface AgentHarness {
  readonly database: TestDatabase;
  /** As the superuser, for arranging and looking. */
  readonly rows: PrismaClient;
  readonly neighbours: Neighbours;
  readonly app: BuiltService<typeof agentConfig>['app'];
  readonly queue: JobQueue;
  call(call: Call): Promise<Answer>;
  /** Has monitoring find something, tells the agent, and answers the incident that it made of it. */
  assess(given: {
    readonly model: string;
    readonly version: number;
    readonly found: Finding;
    readonly requestedBy?: string;
  }): Promise<Answer['body']>;
  /** Waits until an action is in one of these states. */
  reach(id: string, ...states: readonly string[]): Promise<Answer['body']>;
  dispose(): Promise<void>;
}

/** Another process of the agent on the same database and neighbours. */
export async function buildAgent(
  database: TestDatabase,
  neighbours: Neighbours,
  env: Readonly<Record<string, string>> = {},
): Promise<BuiltService<typeof agentConfig>> {
  return await buildService(agentService, {
    env: {
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
      DATABASE_URL: database.url('agent'),
      REGISTRY_URL: neighbours.url,
      MONITORING_URL: neighbours.url,
      SERVING_URL: neighbours.url,
      GIMBAL_SERVICE_KEY: 'test-key-of-the-agent',
      GIMBAL_TRUSTED_CALLERS: `gateway:${sha256(GATEWAY_KEY)}`,
      AGENT_TICK_INTERVAL: '250',
      AGENT_VERIFY_WITHIN: '1500',
      ...env,
    },
  });
}

export async function startAgent(env: Readonly<Record<string, string>> = {}): Promise<AgentHarness> {
  const database = await startTestDatabase();
  const rows = database.client();
  const neighbours = await startNeighbours(rows);
  const { app } = await buildAgent(database, neighbours, env);
  const queue: JobQueue = app.get<JobQueue>(JobQueue);
  const call = async ({ method = 'GET', path, body, as = 'admin' }: Call): Promise<Answer> => {
    const reply = await app.inject({
      method,
      url: path,
      headers: { authorization: `Bearer ${GATEWAY_KEY}`, [ACTOR_HEADER]: encodeActor(PEOPLE[as]) },
      ...(body && { payload: body }),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
  return {
    database,
    rows,
    neighbours,
    app,
    queue,
    call,
    assess: async (given) => {
      const assessmentId = await arrangeAssessment(rows, given);
      await queue.publish(
        'health.assessed',
        { v: 1, assessmentId, modelName: given.model },
        { jobId: `assessed-${assessmentId}` },
      );
      return await eventually(async () => {
        const { body } = await call({ path: `/api/v1/incidents?assessment_id=${assessmentId}` });
        if (body.items.length !== 1) throw new Error(`No incident yet: ${JSON.stringify(body)}`);
        return body.items[0];
      });
    },
    reach: async (id, ...states) =>
      await eventually(async () => {
        const { body } = await call({ path: `/api/v1/agent/actions/${id}` });
        if (!states.includes(body.state))
          throw new Error(`It is ${body.state}: ${JSON.stringify(body.execution_result)}`);
        return body;
      }),
    dispose: async () => {
      await app.close();
      await neighbours.close();
      await database.dispose();
    },
  };
}
