import { DomainError } from '@gimbal/domain';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';

/** SQLSTATE classes, Prisma's and the driver's codes that mean "not now". */
const AWAY =
  /^(08|53|57)|^P(1000|1001|1002|1008|1011|1017|2024|2028)$|^E(CONNREFUSED|CONNRESET|TIMEDOUT|PIPE|NOTFOUND|HOSTUNREACH)$/;
const AWAY_TEXT = /connection terminated|timeout exceeded when trying to connect|can't reach database/i;

/** True when a failure says that PostgreSQL can't be asked now, rather than that it was asked something wrong. */
function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false;
  const codes: unknown[] = [Reflect.get(error, 'code'), Reflect.get(error, 'originalCode')];
  return (
    codes.some((code) => typeof code === 'string' && AWAY.test(code)) ||
    AWAY_TEXT.test(error.message) ||
    isDatabaseAway(error.cause, depth + 1)
  );
}

/** Every route answers 503 `database-unavailable`, not 500, while PostgreSQL is away. */
@Injectable()
export class DatabaseFailureInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const failure = (cause: unknown) =>
      isDatabaseAway(cause)
        ? new DomainError('database-unavailable', 'Monitoring cannot reach its database; try again.', { cause })
        : cause;
    return next.handle().pipe(catchError((error: unknown) => throwError(() => failure(error))));
  }
}
