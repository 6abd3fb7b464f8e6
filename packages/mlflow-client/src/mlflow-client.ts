import { Artifacts } from './artifacts.js';
import { Connection } from './connection.js';
import type { BreakerState, ConnectionOptions } from './connection-options.js';
import { Experiments } from './experiments.js';
import { LoggedModels } from './logged-models.js';
import { MlflowError } from './mlflow-error.js';
import { ModelVersions } from './model-versions.js';
import { RegisteredModels } from './registered-models.js';
import { Runs } from './runs.js';

const VERSION = /^\d+\.\d+[\w.+-]*$/;

/** The REST API of an MLflow server (2.22 and 3.x). Every call throws {@link MlflowError}. */
export class MlflowClient {
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly loggedModels: LoggedModels;
  readonly registeredModels: RegisteredModels;
  readonly modelVersions: ModelVersions;
  readonly artifacts: Artifacts;
  private readonly connection: Connection;

  constructor(options: ConnectionOptions) {
    this.connection = new Connection(options);
    this.experiments = new Experiments(this.connection);
    this.runs = new Runs(this.connection);
    this.loggedModels = new LoggedModels(this.connection);
    this.registeredModels = new RegisteredModels(this.connection);
    this.modelVersions = new ModelVersions(this.connection);
    this.artifacts = new Artifacts(this.connection);
  }

  get breakerState(): BreakerState {
    return this.connection.breakerState;
  }

  /** The server's version, such as `3.17.2`. @throws MlflowError `bad-answer` when something else than MLflow answers */
  async version(): Promise<string> {
    const version = (await this.connection.text({ method: 'GET', path: '/version', repeat: 'never' })).trim();
    if (VERSION.test(version)) return version;
    throw new MlflowError('The answer is no version: this is not an MLflow server.', {
      ...{ request: 'GET /version', failure: 'bad-answer' },
    });
  }

  /** Resolves when the server says that it is well. @throws MlflowError */
  async checkHealth(): Promise<void> {
    const answer = (await this.connection.text({ method: 'GET', path: '/health', repeat: 'never' })).trim();
    if (answer === 'OK') return;
    throw new MlflowError('The answer is not OK.', { request: 'GET /health', failure: 'bad-answer' });
  }

  /** Ends every connection; calls under way fail. */
  async close(): Promise<void> {
    await this.connection.close();
  }
}
