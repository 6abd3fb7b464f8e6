import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps the secrets of webhooks unreadable in the database and in its backups. A secret is bound to its webhook. */
@Injectable()
export class WebhookSecrets {
  private readonly key: Buffer | null;

  constructor(@Inject(CONFIG) { webhooks: { secretKey } }: RegistryConfig) {
    this.key =
      secretKey === undefined ? null : Buffer.from(hkdfSync('sha256', secretKey, '', 'gimbal webhook secrets', 32));
  }

  /** @throws DomainError `validation-failed` without a key in the configuration */
  seal(webhookId: string, secret: string): Uint8Array<ArrayBuffer> {
    if (!this.key)
      throw new DomainError(
        'validation-failed',
        'Webhooks with a secret need WEBHOOK_SECRET_KEY in the configuration.',
      );
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(webhookId));
    const sealed = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return new Uint8Array(Buffer.concat(sealed));
  }

  /** @throws Error when the key is another one than at the sealing */
  open(webhookId: string, sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed);
    if (!this.key) throw new Error('WEBHOOK_SECRET_KEY is not set.');
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(webhookId))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return text.toString('utf8');
  }
}
