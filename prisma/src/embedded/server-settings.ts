/** What the settings depend on. */
export interface ServerLoad {
  readonly maxConnections: number;
  readonly durability: 'full' | 'none';
}

/**
 * Settings for a server that shares a small machine with everything else: few processes, little memory, loopback only.
 * Writes stay durable unless `durability` says otherwise.
 */
export function serverSettings({
  maxConnections,
  durability,
}: ServerLoad): readonly (readonly [name: string, value: string])[] {
  return [
    ['listen_addresses', '127.0.0.1'],
    ['unix_socket_directories', ''],
    ['password_encryption', 'scram-sha-256'],
    ['timezone', 'UTC'],
    ['log_timezone', 'UTC'],
    ['max_connections', String(maxConnections)],
    ['shared_buffers', '32MB'],
    ['work_mem', '4MB'],
    ['maintenance_work_mem', '32MB'],
    ['min_wal_size', '32MB'],
    ['max_wal_size', '256MB'],
    // No standby reads from an embedded server, so nothing of replication runs.
    ['wal_level', 'minimal'],
    ['max_wal_senders', '0'],
    ['max_logical_replication_workers', '0'],
    ['max_parallel_workers_per_gather', '0'],
    ['max_parallel_maintenance_workers', '0'],
    ['autovacuum_max_workers', '1'],
    // I/O workers are three processes more, which a database that fits in memory does not need.
    ['io_method', 'sync'],
    ['jit', 'off'],
    ['huge_pages', 'off'],
    ['idle_in_transaction_session_timeout', '60s'],
    // A client that vanished without a word is noticed, and its locks are released.
    ['tcp_keepalives_idle', '30'],
    ['tcp_keepalives_interval', '10'],
    ...(durability === 'none'
      ? ([
          ['fsync', 'off'],
          ['synchronous_commit', 'off'],
          ['full_page_writes', 'off'],
        ] as const)
      : []),
  ];
}
