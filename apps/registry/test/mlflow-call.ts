import type { Role } from '@gimbal/contracts';
import { ACTOR_HEADER, encodeActor } from '@gimbal/platform';
import type { Answer, RegistryHarness } from './registry-harness.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Asks in MLflow's language, as the gateway would for somebody of a role. A GET's members go into its query, as MLflow's clients send them. */
export type AskMlflow = (method: Method, path: string, members?: object | string) => Promise<Answer>;

export function mlflowOf({ app, bearer }: Pick<RegistryHarness, 'app' | 'bearer'>, role: Role = 'operator'): AskMlflow {
  const actor = encodeActor({ id: 'key-1', name: 'grace', roles: [role] });
  return async (method, path, members = {}) => {
    const query = method === 'GET' && typeof members === 'object' ? `?${queryOf(members)}` : '';
    const reply = await app.inject({
      method,
      url: path.startsWith('/') ? `${path}${query}` : `/api/2.0/mlflow/${path}${query}`,
      headers: { authorization: bearer('gateway'), [ACTOR_HEADER]: actor, 'content-type': 'application/json' },
      ...(method !== 'GET' && { payload: members }),
    });
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
  };
}

const queryOf = (members: object): string =>
  Object.entries(members)
    .flatMap(([name, value]) =>
      [value].flat().map((one: unknown) => `${name}=${encodeURIComponent(String(one).toWellFormed())}`),
    )
    .join('&');

/** A run of experiment 0 and its id. */
export async function startRun(ask: AskMlflow, members: object = {}): Promise<string> {
  const { body } = await ask('POST', 'runs/create', { experiment_id: '0', start_time: 1_000, ...members });
  return body.run.info.run_id;
}
