import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'workflow.py');
/** Python leaves no compiled files in the repository. */
const PYTHON_ENVIRONMENT = { PYTHONDONTWRITEBYTECODE: '1', GIT_PYTHON_REFRESH: 'quiet' };

const Features = z.array(z.object({ feature: z.string(), since: z.int() }));
const Results = z.array(
  z.union([
    z.strictObject({ feature: z.string(), value: z.unknown() }),
    z.strictObject({ feature: z.string(), error: z.string() }),
  ]),
);
/** What came of a feature: a comparable value, or the error that its check broke off with. */
export type Result = z.output<typeof Results>[number];

/** A Python with an MLflow client, in a major version. */
export interface MlflowClient {
  readonly major: 2 | 3;
  readonly version: string;
  readonly python: string;
  /** What the workflow tries with it. */
  readonly features: readonly string[];
}

/** The client of the Python that `variable` names; null, with the reason, when it cannot be used. */
export function findClient(variable: string, major: 2 | 3): MlflowClient | string {
  const why = `set ${variable} to a Python with mlflow ${major}, scikit-learn, skl2onnx and onnxruntime`;
  const python = process.env[variable];
  if (!python) return why;
  const options = { encoding: 'utf8', env: { ...process.env, ...PYTHON_ENVIRONMENT } } as const;
  try {
    const version = execFileSync(
      python,
      ['-c', 'import mlflow, sklearn, skl2onnx, onnxruntime; print(mlflow.__version__)'],
      options,
    ).trim();
    const features = Features.parse(JSON.parse(execFileSync(python, [SCRIPT, 'list'], options)))
      .filter(({ since }) => since <= major)
      .map(({ feature }) => feature);
    return { major, version, python, features };
  } catch {
    return why;
  }
}

/** Runs the workflow against a server. @returns the result of each feature by its name */
export async function runWorkflow(
  { python }: MlflowClient,
  server: { readonly url: string; readonly token?: string },
): Promise<ReadonlyMap<string, Result>> {
  const { stdout } = await run(python, [SCRIPT, 'run'], {
    timeout: 540_000,
    maxBuffer: 64 * 1_048_576,
    env: {
      ...process.env,
      ...PYTHON_ENVIRONMENT,
      MLFLOW_TRACKING_URI: server.url,
      ...(server.token !== undefined && { MLFLOW_TRACKING_TOKEN: server.token }),
      // A failure is to be seen, not waited for.
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    },
  });
  return new Map(Results.parse(JSON.parse(stdout)).map((result) => [result.feature, result]));
}
