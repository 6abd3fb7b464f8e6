import { createServer } from 'node:net';

/** Whether a port can be listened on; `reason` is the system's code when it can't. */
export function tryPort(host: string, port: number): Promise<{ readonly port: number } | { readonly reason: string }> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => settle({ reason: error.code ?? error.message }));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => settle({ port: typeof address === 'object' && address ? address.port : port }));
    });
  });
}

/** `count` different free ports on loopback. They are all held until the last is known, so that none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((settle, fail) => {
            server.once('error', fail);
            server.listen({ host: '127.0.0.1', port: 0 }, () => {
              const address = server.address();
              if (typeof address === 'object' && address) settle(address.port);
            });
          }),
      ),
    );
  } finally {
    for (const server of servers) server.close();
  }
}
