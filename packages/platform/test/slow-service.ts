import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Module, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { configGroup, defineService, OpenRoute, secretSetting, startService } from '../src/index.js';

@Controller()
@OpenRoute()
class SlowController {
  @Get('slow')
  async slow(): Promise<{ readonly done: true }> {
    process.send?.({ type: 'arrived' });
    await sleep(Number(process.env['SLOW_MS'] ?? 500));
    return { done: true };
  }

  @Get('crash')
  crash(): object {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return {};
  }
}

@Module({ controllers: [SlowController] })
class SlowModule implements OnModuleDestroy {
  /** Like a module whose connection never says goodbye. */
  async onModuleDestroy(): Promise<void> {
    await sleep(Number(process.env['CLOSE_MS'] ?? 0));
  }
}

await startService(
  defineService({
    name: 'registry',
    door: 'internal',
    config: {
      slow: configGroup('Slow', {
        token: secretSetting('SLOW_TOKEN', z.string().min(8).default('a-default-token'), {
          description: 'Only for tests.',
        }),
      }),
    },
    module: () => SlowModule,
  }),
);
