import { DomainError } from '@gimbal/domain';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';

/** SQLSTATE classes and driver codes that mean "not now": connection lost, server stopping or starting, too many connections. */
const UNREACHABLE =
  /^(08|57P|53300)|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOENT|EAI_AGAIN|ENOTFOUND)$|^P(1001|1002|1008|1017|2024|2028)$/;
const LOST = /Connection terminated|timeout exceeded when trying to connect/;

/** Every route answers 503 `database-unavailable`, not 500, while PostgreSQL is away. */
@Injectable()
export class DatabaseFailureInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => translateDatabaseFailure(error))));
  }
}

export function translateDatabaseFailure(error: unknown): unknown {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const failure = cause;
    const codes = ['code', 'originalCode'].map((key) => String(Reflect.get(failure, key) ?? ''));
    if (codes.some((code) => UNREACHABLE.test(code)) || LOST.test(failure.message))
      return new DomainError('database-unavailable', 'Training cannot reach its database; try again.', {
        cause: error,
      });
  }
  return error;
}
