import type { Role } from '@gimbal/contracts';
import type { GimbalProcesses } from '@gimbal/testing';
import { GimbalClient } from '../src/index.js';

/** A client with the key of a role. */
export const clientOf = (gimbal: GimbalProcesses, role: Role): GimbalClient =>
  new GimbalClient({ url: gimbal.url, apiKey: gimbal.keyOf(role) });
