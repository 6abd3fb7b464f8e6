import { STATUS_CODES } from 'node:http';

/** An answer as it goes out. */
export interface FastAnswer {
  readonly status: number;
  /** Beside those of every answer; names as they are to be written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly connection: 'keep-alive' | 'close';
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

/** Writes answers of one server, which all begin alike. */
export class AnswerWriter {
  private readonly constant: string;

  /**
   * @param constant headers of every answer
   * @param idleSeconds how long an idle connection is kept, as clients are told
   */
  constructor(
    constant: Readonly<Record<string, string>>,
    private readonly idleSeconds: number,
  ) {
    this.constant = writeHeaders(constant);
  }

  /** The whole answer as one buffer, so that it leaves in one write. */
  write({ status, headers, body, connection }: FastAnswer): Buffer {
    const keep = connection === 'close' ? 'close' : `keep-alive\r\nKeep-Alive: timeout=${this.idleSeconds}`;
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${this.constant}${writeHeaders(headers)}content-length: ${body.byteLength}\r\nDate: ${dateNow()}\r\nConnection: ${keep}\r\n\r\n`;
    const out = Buffer.allocUnsafe(head.length + body.byteLength);
    out.write(head, 0, 'latin1');
    out.set(body, head.length);
    return out;
  }
}

/** Header values here are ours or were read as visible ASCII: none can hold a line break. */
function writeHeaders(headers: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
  return text;
}
