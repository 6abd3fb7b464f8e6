import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@gimbal/domain';
import { CONFIG, describePublicKey, openSigningKey, type PublicKey, type SigningKey } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';

/** The name of the key that is made where there is none. */
const FIRST_KEY = '0001.pem';

/** All keys, of which one signs. */
export interface ManifestKeyRing {
  readonly signing: SigningKey;
  /** Oldest first, the signing one among them. */
  readonly publicKeys: readonly PublicKey[];
}

/**
 * A folder of PEM files: the private key whose name is the last in order signs, all others check what they signed before. So a key is
 * replaced by adding a file, and an old one may be kept as its public half alone. Read anew each time: a new key counts at once.
 */
@Injectable()
export class ManifestKeys {
  private readonly directory: string;

  constructor(@Inject(CONFIG) { manifests }: RegistryConfig) {
    this.directory = manifests.keysDirectory;
  }

  /** @throws DomainError `storage-failed` when the folder holds what is no such key, or cannot be read or written */
  async open(): Promise<ManifestKeyRing> {
    try {
      return await this.read();
    } catch (error) {
      throw new DomainError('storage-failed', 'The keys that manifests are signed with cannot be read.', {
        cause: error,
      });
    }
  }

  private async read(): Promise<ManifestKeyRing> {
    const files = await this.list();
    const signing = files.findLast(({ isPrivate }) => isPrivate);
    if (!signing) {
      const made = await openSigningKey(join(this.directory, FIRST_KEY));
      return { signing: made, publicKeys: [made.publicKey, ...(await describeAll(files))] };
    }
    const publicKey = await describePublicKey(createPublicKey(signing.pem));
    return { signing: { privateKey: createPrivateKey(signing.pem), publicKey }, publicKeys: await describeAll(files) };
  }

  private async list() {
    const names = await readdir(this.directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return await Promise.all(
      names
        .filter((name) => name.endsWith('.pem'))
        .sort()
        .map(async (name) => {
          const pem = await readFile(join(this.directory, name), 'utf8');
          return { pem, isPrivate: pem.includes('PRIVATE KEY') };
        }),
    );
  }
}

const describeAll = (files: readonly { readonly pem: string }[]): Promise<PublicKey[]> =>
  Promise.all(files.map(({ pem }) => describePublicKey(createPublicKey(pem))));
