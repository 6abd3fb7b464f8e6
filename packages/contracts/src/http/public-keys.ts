import { z } from 'zod';

/** Keys that signatures are checked with: a JSON Web Key Set (RFC 7517). */
export const PublicKeySet = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      alg: z.literal('Ed25519'),
      use: z.literal('sig'),
    }),
  ),
});
