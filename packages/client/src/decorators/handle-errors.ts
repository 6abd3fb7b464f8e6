import { isPromise, type MethodDecorator, methodDecorator } from './method-decorator.js';

export interface HandleErrors {
  /** `false`: the caller gets `undefined` in place of the failure. Default `true`. */
  readonly reraise?: boolean;
  /** Told of each failure and of the method. What it throws itself is a warning of the process: the failure is what the caller gets. */
  readonly notify?: (error: unknown, method: string) => unknown;
}

/** Tells of failures in one place, and keeps them from the caller where that is wanted. */
export function handleErrors({ reraise = true, notify }: HandleErrors = {}): MethodDecorator {
  return methodDecorator((method, name) => {
    const handle = (error: unknown): undefined => {
      if (notify) void tell(notify, error, name);
      if (reraise) throw error;
      return undefined;
    };
    return function handled(this: unknown, ...args) {
      try {
        const result = method.apply(this, args);
        return isPromise(result) ? result.catch(handle) : result;
      } catch (error) {
        return handle(error);
      }
    };
  });
}

async function tell(notify: NonNullable<HandleErrors['notify']>, error: unknown, method: string): Promise<void> {
  try {
    await notify(error, method);
  } catch (failure) {
    process.emitWarning(`notify of ${method} failed: ${String(failure)}`, {
      type: 'GimbalWarning',
      code: 'GIMBAL_NOTIFY',
    });
  }
}
