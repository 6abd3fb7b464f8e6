import {
  type Actor,
  encodeWire,
  PublicKeySet,
  RegisteredModelName,
  SignedManifest,
  VersionParam,
} from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Controller, Get, Param, Post } from '@nestjs/common';
import { ManifestService } from './manifest.service.js';
import { ManifestKeys } from './manifest-keys.js';

@Controller('api/v1')
export class ManifestController {
  constructor(
    private readonly manifests: ManifestService,
    private readonly keys: ManifestKeys,
  ) {}

  @Get('manifests/keys')
  async listKeys() {
    return PublicKeySet.parse({ keys: (await this.keys.open()).publicKeys });
  }

  @Get('models/:model/versions/:version/manifest')
  async show(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
  ) {
    return encodeWire(SignedManifest, await this.manifests.show(model, version));
  }

  @Post('models/:model/versions/:version/manifest')
  async renew(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(SignedManifest, await this.manifests.renew({ model, version, actor }));
  }
}
