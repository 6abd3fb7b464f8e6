import { STATUS_CODES } from 'node:http';

/** An answer as it goes out. */
export interface FastAnswer {
  readonly status: number;
  /** Its own headers as lines that end in CRLF, beside those of every answer: {@link headerLine}. */
  readonly headers: string;
  readonly body: Uint8Array;
}

const SECOND_MS = 1_000;
let dateText = '';
let dateUntilMs = 0;

/** `Date`, made once a second (RFC 9110, section 6.6.1). */
function dateNow(): string {
  const now = Date.now();
  if (now >= dateUntilMs) {
    dateText = new Date(now).toUTCString();
    dateUntilMs = now - (now % SECOND_MS) + SECOND_MS;
  }
  return dateText;
}

/** Values here are ours or were read as visible ASCII: none can hold a line break. */
export const headerLine = (name: string, value: string): string => `${name}: ${value}\r\n`;

/** Writes answers of one server, which all begin alike. */
export class AnswerWriter {
  private readonly constant: string;
  private readonly keepAlive: string;

  /**
   * @param constant headers of every answer
   * @param idleSeconds how long an idle connection is kept, as clients are told
   */
  constructor(constant: Readonly<Record<string, string>>, idleSeconds: number) {
    this.constant = Object.entries(constant)
      .map(([name, value]) => headerLine(name, value))
      .join('');
    this.keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${idleSeconds}\r\n\r\n`;
  }

  /** The whole answer as one buffer, so that it leaves in one write. */
  write({ status, headers, body }: FastAnswer, connection: 'keep-alive' | 'close'): Buffer {
    const end = connection === 'close' ? 'Connection: close\r\n\r\n' : this.keepAlive;
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${this.constant}${headers}content-length: ${body.byteLength}\r\nDate: ${dateNow()}\r\n${end}`;
    const out = Buffer.allocUnsafe(head.length + body.byteLength);
    out.write(head, 0, 'latin1');
    out.set(body, head.length);
    return out;
  }
}
