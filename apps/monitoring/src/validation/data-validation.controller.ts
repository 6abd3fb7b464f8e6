import { DataValidation, encodeWire, ValidateData } from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { DataValidationService } from './data-validation.service.js';

@Controller('internal/data-validations')
@CallableBy('agent')
export class DataValidationController {
  constructor(private readonly service: DataValidationService) {}

  /** Nothing is written, so a repeat with the same decision has no second effect. */
  @Post()
  @HttpCode(200)
  async validate(@Body({ schema: ValidateData }) { assessmentId }: z.output<typeof ValidateData>) {
    const { verdict, findings, rows } = await this.service.validate(assessmentId);
    return encodeWire(DataValidation, {
      assessmentId,
      verdict,
      rows,
      findings: findings.map(({ check, feature, severity, rows: hits, ofRows, detail }) => ({
        code: check,
        feature,
        severity,
        message: `${hits} of ${ofRows}: ${detail}`,
      })),
      at: new Date().toISOString(),
    });
  }
}
