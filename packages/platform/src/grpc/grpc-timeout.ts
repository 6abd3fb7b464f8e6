import { GrpcFailure } from './grpc-failure.js';

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds that `grpc-timeout` leaves (grpc/grpc, doc/PROTOCOL-HTTP2.md); undefined without one. @throws GrpcFailure */
export function readTimeout(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, digits = '', unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined)
    throw new GrpcFailure('INVALID_ARGUMENT', 'grpc-timeout must be up to eight digits and a unit.');
  return Number(digits) * unitMs;
}
