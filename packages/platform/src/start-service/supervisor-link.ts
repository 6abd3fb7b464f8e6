/** What a service tells the process that started it. */
export interface ReadyMessage {
  readonly type: 'ready';
  /** Where the service listens: `http://127.0.0.1:41233`. */
  readonly url: string;
}

/** Sends a message over the IPC channel, when there is one. */
export function tellSupervisor(message: ReadyMessage): void {
  if (process.send && process.connected) process.send(message);
}

/**
 * Calls `onLost` once when the supervisor has died: its end of the IPC channel closes, or of our stdin when there is no channel.
 * A kill -9 of the supervisor closes both.
 */
export function followSupervisor(onLost: () => void): void {
  if (process.send) {
    if (process.connected) process.once('disconnect', onLost);
    else onLost();
    return;
  }
  process.stdin.once('end', onLost).once('error', onLost).resume();
}
