import {
  type Actor,
  Alias,
  AliasHistory,
  AliasName,
  AliasQuery,
  encodeWire,
  Paging,
  PutAlias,
  RegisteredModelName,
} from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AliasService } from './alias.service.js';

@Controller('api/v1/models/:model/aliases/:alias')
export class AliasController {
  constructor(private readonly aliases: AliasService) {}

  @Get()
  async get(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('alias', { schema: AliasName }) alias: string,
    @Query({ schema: AliasQuery }) { at }: z.output<typeof AliasQuery>,
  ) {
    return encodeWire(Alias, await this.aliases.get(model, alias, at === undefined ? undefined : new Date(at)));
  }

  @Put()
  async put(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('alias', { schema: AliasName }) alias: string,
    @Body({ schema: PutAlias }) request: z.output<typeof PutAlias>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Alias, await this.aliases.put(model, alias, request, actor));
  }

  @Get('history')
  async history(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('alias', { schema: AliasName }) alias: string,
    @Query({ schema: Paging }) paging: z.output<typeof Paging>,
  ) {
    return encodeWire(AliasHistory, await this.aliases.history(model, alias, paging));
  }
}
