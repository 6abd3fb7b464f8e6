import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, findFreePort, startEmbeddedPostgres } from '@gimbal/db/embedded';
import { eventually } from '@gimbal/db/testing';
import pg from 'pg';

const run = promisify(execFile);

/**
 * A PostgreSQL primary with a synchronous standby behind one address, as Patroni and HAProxy make them: when the primary dies, the standby is
 * promoted and the address leads to it. The servers and their replication are real; the watching is this class.
 */
export class PostgresPair {
  private readonly sockets = new Set<Socket>();
  private target: number;
  private failover: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly primary: EmbeddedPostgres,
    private readonly standby: EmbeddedPostgres,
    private readonly door: Server,
    private readonly port: number,
  ) {
    this.target = primary.port;
    void primary.exited.then(() => {
      this.failover = this.promote();
    });
  }

  /** Resolves when the standby has all that the primary has, and each commit waits for it. */
  static async start(): Promise<PostgresPair> {
    const folder = await mkdtemp(join(process.env['GIMBAL_TEST_RUN'] ?? tmpdir(), 'gimbal-pair-'));
    // PostgreSQL's own account has to pass when root runs the tests.
    await run('chmod', ['755', folder]);
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const first = await startEmbeddedPostgres({ directory: one, settings: REPLICATION });
    await first.stop();
    await mkdir(two);
    await cp(join(one, 'password'), join(two, 'password'));
    const blank = await startEmbeddedPostgres({ directory: two });
    await blank.stop();
    await rm(blank.dataDirectory, { recursive: true });
    await run('cp', ['-a', first.dataDirectory, blank.dataDirectory]);
    await writeFile(join(blank.dataDirectory, 'standby.signal'), '');
    // A commit would wait for a standby that is not there yet: the server asks for one only when it has come.
    const primary = await startEmbeddedPostgres({ directory: one, settings: REPLICATION });
    const { password } = new URL(primary.connectionString());
    const source = `host=127.0.0.1 port=${primary.port} user=gimbal password=${password} application_name=standby`;
    const standby = await startEmbeddedPostgres({
      directory: two,
      settings: { ...REPLICATION, primary_conninfo: source },
    });
    await ask(primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await ask(primary, 'SELECT pg_reload_conf()');
    await eventually(async () => {
      const [row] = await ask(primary, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
      if (!row) throw new Error('the standby is not synchronous yet');
    });
    const port = await findFreePort();
    const door = createServer();
    const pair = new PostgresPair(folder, primary, standby, door, port);
    door.on('connection', (socket) => pair.pass(socket));
    await new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve));
    return pair;
  }

  /** The superuser's connection string, through the address that leads to whichever server is the primary. */
  connectionString(database?: string): string {
    const url = new URL(this.primary.connectionString(database));
    url.port = String(this.port);
    return url.href;
  }

  /** kill -9 of the primary; resolves when the standby has taken its place. */
  async killPrimary(): Promise<void> {
    process.kill(this.primary.pid, 'SIGKILL');
    await this.primary.exited;
    await this.failover;
  }

  async dispose(): Promise<void> {
    await Promise.all([this.primary.stop(), this.standby.stop()]);
    await this.failover.catch(() => undefined); // that of the primary which was just stopped
    this.drop();
    this.door.close();
    await Promise.all([rm(this.primary.dataDirectory, FORCE), rm(this.standby.dataDirectory, FORCE)]);
    await rm(this.folder, FORCE);
  }

  private async promote(): Promise<void> {
    this.drop();
    await ask(this.standby, 'SELECT pg_promote()');
    this.target = this.standby.port;
  }

  private drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(client: Socket): void {
    const server = connect({ host: '127.0.0.1', port: this.target });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

const REPLICATION = { wal_level: 'replica', max_wal_senders: '4', hot_standby: 'on' };
const FORCE = { recursive: true, force: true } as const;

async function ask(server: EmbeddedPostgres, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
