import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from '@gimbal/contracts';

/** The request being answered, as far as calls made for it must know. */
export interface RequestContext {
  readonly id: string;
  readonly actor?: Actor;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The request in whose course this is called; undefined in jobs and timers. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** Runs `work` in the course of `request`; the object is read when needed, so what guards add later counts, too. */
export const inRequest = <T>(request: RequestContext, work: () => T): T => storage.run(request, work);
