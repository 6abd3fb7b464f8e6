import { AsyncLocalStorage } from 'node:async_hooks';
import { type MethodDecorator, methodDecorator } from './method-decorator.js';

/** What a caller inside the program may do. `ADMIN` may do everything. */
export type Permission = 'READ' | 'WRITE' | 'DELETE' | 'ADMIN';

export class PermissionError extends Error {
  override readonly name = 'PermissionError';

  constructor(
    readonly permission: Permission,
    readonly method: string,
  ) {
    super(`${method} needs the permission ${permission}: call it within withPermissions(['${permission}'], …).`);
  }
}

let granted: AsyncLocalStorage<ReadonlySet<Permission>> | undefined;
const grants = (): AsyncLocalStorage<ReadonlySet<Permission>> => {
  granted ??= new AsyncLocalStorage();
  return granted;
};

/** Does `work`, and all that it awaits, with these permissions and no others. */
export function withPermissions<T>(permissions: readonly Permission[], work: () => T): T {
  return grants().run(new Set(permissions), work);
}

/**
 * Refuses a call outside of {@link withPermissions} or without the permission, before anything of it is done. It guards the parts of one
 * program from each other; what a key may do is decided by the gateway.
 */
export function requirePermission(permission: Permission): MethodDecorator {
  return methodDecorator(
    (method, name) =>
      function permitted(this: unknown, ...args) {
        const permissions = grants().getStore();
        if (!permissions?.has(permission) && !permissions?.has('ADMIN')) throw new PermissionError(permission, name);
        return method.apply(this, args);
      },
  );
}
