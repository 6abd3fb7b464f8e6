import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** Who may call a route without a key. */
export const OPEN_ROUTE = 'gimbal:open-route';
export type Openness = 'everyone' | 'loopback';

/** The route needs no key. */
export const OpenRoute = (): CustomDecorator => SetMetadata(OPEN_ROUTE, 'everyone' satisfies Openness);

/** The route needs no key when the call comes from this machine. */
export const OpenOnLoopback = (): CustomDecorator => SetMetadata(OPEN_ROUTE, 'loopback' satisfies Openness);

/** True for 127.0.0.0/8 and ::1, also in their IPv4-mapped form. The address of the connection, not of a header. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/.test(address);
}
