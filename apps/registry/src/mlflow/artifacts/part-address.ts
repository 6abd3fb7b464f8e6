import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../../config.js';

/** One part of one upload. */
export interface PartOfUpload {
  readonly upload: string;
  /** From 1. */
  readonly part: number;
}

const SIGNATURE = /^[\w-]{43}$/;

/**
 * Signs the addresses of parts. MLflow's client sends parts without its credentials, as it would to S3; so an address is good for one part
 * of one upload and for a limited time. Every replica has the same key, since it is derived from the service's own.
 */
@Injectable()
export class PartAddress {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) config: RegistryConfig) {
    this.key = Buffer.from(hkdfSync('sha256', config.uploads.serviceKey, '', 'gimbal multipart upload parts', 32));
  }

  /** Path and query of a part's address, good until `expires`. */
  sign({ upload, part }: PartOfUpload, expires: Date): string {
    const seconds = Math.floor(expires.getTime() / 1_000);
    const signature = this.signatureOf({ upload, part }, seconds).toString('base64url');
    return `/api/2.0/mlflow-artifacts/mpu/parts/${upload}/${part}?expires=${seconds}&signature=${signature}`;
  }

  /** @throws DomainError `invalid-api-key` when the address was not signed for this part, or its time is over */
  check(
    part: PartOfUpload,
    { expires, signature }: { readonly expires?: unknown; readonly signature?: unknown },
    now: Date,
  ): void {
    const seconds = typeof expires === 'string' && /^\d{1,12}$/.test(expires) ? Number(expires) : 0;
    const given = typeof signature === 'string' && SIGNATURE.test(signature) ? signature : '';
    const expected = this.signatureOf(part, seconds);
    const actual = Buffer.from(given, 'base64url');
    const isSigned = actual.length === expected.length && timingSafeEqual(actual, expected);
    if (!isSigned || seconds * 1_000 <= now.getTime())
      throw new DomainError(
        'invalid-api-key',
        'The address of the part is not valid, or no longer. Begin the upload anew.',
      );
  }

  private signatureOf({ upload, part }: PartOfUpload, seconds: number): Buffer {
    return createHmac('sha256', this.key).update(`${upload}\n${part}\n${seconds}`).digest();
  }
}
