import type { IncomingHttpHeaders } from 'node:http';
import { hasRole, type PredictRouteDefinition, type Role } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import {
  type Admitted,
  ConfigError,
  findCaller,
  hearStrangers,
  isLoopback,
  type Logger,
  type PredictCaller,
  PredictServer,
  parseFrameAddress,
  readPresentedKey,
} from '@gimbal/platform';
import type { ServingConfig } from '../config.js';
import type { AnswerService } from './answer.service.js';
import type { Door } from './doors.js';

export interface HttpDoorOptions {
  readonly config: ServingConfig['ownHttp'];
  readonly bodyLimitBytes: number;
  readonly requestMs: number;
  readonly service: Pick<AnswerService, 'answer'>;
  readonly logger: Logger;
}

/** Whoever comes in here predicts and looks. What operators do goes through the gateway, which knows who they are. */
const ROLES: readonly Role[] = ['predictor', 'viewer'];
const NOBODY: Admitted = { key: null };

const isLocal = (host: string): boolean => host === 'localhost' || isLoopback(host);

/**
 * Where callers inside the cluster predict without the gateway: HTTP on a port of its own. Each shows one of the configured keys. Without
 * keys everybody on this machine may, and nobody else: another address than loopback is refused then.
 */
export class HttpDoor implements Door {
  private readonly server: PredictServer | null = null;
  private readonly address: { readonly host: string; readonly port: number } | null = null;
  /** The head of a client's requests is read once as long as it stays the same, and so is the key in it. */
  private readonly known = new WeakMap<IncomingHttpHeaders, Admitted>();

  /** @throws ConfigError when everybody could come in from other machines */
  constructor(private readonly options: HttpDoorOptions) {
    const { config, service, logger, bodyLimitBytes, requestMs } = options;
    if (config.address === undefined) return;
    const address = parseFrameAddress(config.address);
    if ('path' in address) throw new ConfigError(['SERVING_HTTP: must be host:port']);
    if (config.keys.size === 0 && !isLocal(address.host))
      throw new ConfigError([
        `SERVING_HTTP: ${config.address} can be reached from other machines; set SERVING_HTTP_KEYS`,
      ]);
    this.address = address;
    this.server = new PredictServer({
      predict: hearStrangers((call) => service.answer(call)),
      admit: (caller, role) => this.admit(caller, role),
      bodyLimitBytes,
      requestMs,
      logger,
      ...{ connectionsMax: config.connectionsMax, idleMs: config.idleMs },
    });
  }

  /** Does nothing when no address is configured. */
  async listen(): Promise<void> {
    if (!this.server || !this.address) return;
    const url = await this.server.listen(this.address);
    this.options.logger.info({ url }, 'predictions are taken over HTTP');
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  private admit(caller: PredictCaller, role: PredictRouteDefinition['role']): Admitted {
    if (role === null) return NOBODY;
    let admitted = this.known.get(caller.headers);
    if (!admitted) {
      admitted = this.options.config.keys.size === 0 ? admitLocal(caller) : this.admitKey(caller);
      this.known.set(caller.headers, admitted);
    }
    if (admitted.key) caller.recognise(admitted.key.id);
    if (!hasRole(ROLES, role))
      throw new DomainError('role-required', 'Here models are only asked; ask the gateway to change something.');
    return admitted;
  }

  private admitKey({ headers }: PredictCaller): Admitted {
    const presented = readPresentedKey(headers);
    const id = typeof presented === 'string' ? findCaller(this.options.config.keys, presented) : undefined;
    if (id !== undefined) return { key: { id } };
    if (presented === undefined)
      throw new DomainError('missing-api-key', 'Send a key as X-API-Key or as a bearer token.');
    throw new DomainError('invalid-api-key', 'The key is not known here.');
  }
}

/** A page in a browser on this machine could send a question, too; browsers say so. */
function admitLocal({ headers }: PredictCaller): Admitted {
  if (headers.origin !== undefined)
    throw new DomainError('missing-api-key', 'Pages of other origins are not answered here.');
  return NOBODY;
}
