import type { ServiceName } from '@gimbal/contracts';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { SERVICE_NAME } from '../start-service/tokens.js';
import { translateDatabaseFailure } from './translate-database-failure.js';

/** Every route answers 503 `database-unavailable`, not 500, while PostgreSQL is away. */
@Injectable()
export class DatabaseFailureInterceptor implements NestInterceptor {
  constructor(@Inject(SERVICE_NAME) private readonly service: ServiceName) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(catchError((error: unknown) => throwError(() => translateDatabaseFailure(error, this.service))));
  }
}
