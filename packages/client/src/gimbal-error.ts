/** The gateway refused or failed; `code` is a row of `docs/errors.md`, `requestId` finds the line in the logs. */
export class GimbalError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string,
    readonly errors: readonly { path: string; message: string }[] = [],
    /** Milliseconds that the gateway asks to wait before the next try; null when it says nothing. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${code}: ${detail}${errors.map(({ path, message }) => `\n  ${path}: ${message}`).join('')}`);
  }
}

/** What a refusal may say: problem details (RFC 9457), or the one sentence of Open Inference. */
interface Refusal {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly instance?: unknown;
  readonly errors?: unknown;
  readonly error?: unknown;
}

/** The failure that an answer tells; one without words of its own is known by its status. */
export function refusalOf(response: Response, text: string): GimbalError {
  const { code, detail, instance, errors, error } = parseRefusal(text);
  const requestId = typeof instance === 'string' ? instance : (response.headers.get('x-request-id') ?? '');
  const status = `status ${response.status}`;
  return new GimbalError(
    response.status,
    typeof code === 'string' ? code : typeof error === 'string' ? 'refused' : 'internal-error',
    typeof detail === 'string' ? detail : typeof error === 'string' ? error : `${status} without a problem document`,
    requestId,
    Array.isArray(errors) ? errors : [],
    retryAfterMs(response),
  );
}

function parseRefusal(text: string): Refusal {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** `Retry-After` in seconds; its other form, a date, is not sent by the gateway. */
function retryAfterMs({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
