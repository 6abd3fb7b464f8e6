import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { translateDatabaseFailure } from './translate-database-failure.js';

/** Every route answers 503 `database-unavailable`, not 500, while PostgreSQL is away. */
@Injectable()
export class DatabaseFailureInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        throw translateDatabaseFailure(error);
      }),
    );
  }
}
