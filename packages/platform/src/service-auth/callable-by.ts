import type { ServiceName } from '@gimbal/contracts';
import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const CALLABLE_BY = 'gimbal:callable-by';

/** Limits a route or a controller to these callers; without it every trusted caller may call. */
export const CallableBy = (...callers: readonly [ServiceName, ...ServiceName[]]): CustomDecorator =>
  SetMetadata(CALLABLE_BY, callers);
