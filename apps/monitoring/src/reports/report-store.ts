import { ARTIFACT_STORE, type ArtifactStore, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { type ReportSubject, renderReport } from './page/render-report.js';

/** Report pages as files, named by their digest. */
@Injectable()
export class ReportStore {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Renders and stores a page.
   * @returns its digest, or null when the store can't take it now: the page can be made again from the stored numbers, so that a full
   *   disk stops no assessment
   */
  async keep(subject: ReportSubject): Promise<string | null> {
    const page = Buffer.from(renderReport(subject), 'utf8');
    try {
      return (await this.store.put(page)).digest;
    } catch (error) {
      this.logger.warn({ err: error, assessment: subject.assessmentId }, 'the report could not be stored');
      return null;
    }
  }

  /** Stores a page, or says why not. @throws DomainError `storage-full` · `storage-failed` */
  async put(subject: ReportSubject): Promise<string> {
    return (await this.store.put(Buffer.from(renderReport(subject), 'utf8'))).digest;
  }

  async has(digest: string): Promise<boolean> {
    return (await this.store.find(digest)) !== undefined;
  }

  /** The stored page; null when it is gone or damaged. */
  async read(digest: string): Promise<string | null> {
    try {
      return (await this.store.read(digest)).toString('utf8');
    } catch (error) {
      this.logger.warn({ err: error, digest }, 'a stored report could not be read');
      return null;
    }
  }
}
