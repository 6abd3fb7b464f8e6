import { Injectable } from '@nestjs/common';
import { chooseReference, type ProfiledVersion, type Reference } from './choose-reference.js';
import type { JudgedVersion } from './judged-version.js';
import { ReferenceProfileRepository } from './reference-profile.repository.js';
import { VersionRepository } from './version.repository.js';

/** Finds with what a version's windows are compared. */
@Injectable()
export class ReferenceService {
  constructor(
    private readonly versions: VersionRepository,
    private readonly profiles: ReferenceProfileRepository,
  ) {}

  /** @throws DomainError when a profile that is on record can't be had: comparing with less would look like a finding */
  async load(version: JudgedVersion): Promise<Reference> {
    const judged: ProfiledVersion = { version, profile: await this.profiles.find(version) };
    if (judged.profile && version.isAdmitted === true) return chooseReference(judged, []);
    const admitted: ProfiledVersion[] = [];
    for (const other of await this.versions.listAdmitted(version)) {
      const profile = await this.profiles.find(other);
      admitted.push({ version: other, profile });
      if (profile) break; // the last admitted one that can lend everything; older ones are not asked
    }
    return chooseReference(judged, admitted);
  }
}
