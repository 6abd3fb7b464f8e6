import { CodingQuery, ExplainRows, Explanations, encodeWire, ModelName } from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ExplainService } from './explain.service.js';

/** Why the model answers as it does; asked by people and programs through the gateway. */
@Controller('api/v1/models/:model/explain')
@CallableBy('gateway')
export class ExplainController {
  constructor(private readonly service: ExplainService) {}

  @Post()
  @HttpCode(200)
  async explain(
    @Param('model', { schema: ModelName }) modelName: string,
    @Query({ schema: CodingQuery }) { coding }: z.output<typeof CodingQuery>,
    @Body({ schema: ExplainRows }) body: ExplainRows,
  ): Promise<z.input<typeof Explanations>> {
    const { rows, version, top, class: explainedClass } = body;
    const explained = await this.service.explain({
      ...{ modelName, version, top, class: explainedClass, rowCount: rows.length },
      rowsOf: ({ reader }) => reader.read(rows, 'rows.', coding),
    });
    return encodeWire(Explanations, explained);
  }
}
