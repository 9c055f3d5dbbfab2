import { availableParallelism } from 'node:os';
import { nodeRenderer } from '#render-node';
import type { Application, Renderer, Service } from '#service';
import type { Config } from './config.ts';
import { ProgressLine } from './progress-line.ts';

/** Renders with the tools of this machine, as many at a time as it has cores, unless the settings forbid it. */
export function rendererOf({ render }: Config): Renderer | undefined {
  if (!render.enable) return undefined;
  const { paths, network, kustomizeBuildOptions } = render;
  const atATime = availableParallelism();
  return nodeRenderer(process.cwd(), { paths, network, kustomizeBuildOptions, env: process.env, atATime });
}

/** Renders applications, and tells a person at a terminal how far it came. */
export async function renderAll(
  service: Service,
  applications: readonly Application[],
  line = new ProgressLine(process.stderr),
): Promise<void> {
  try {
    await service.render(applications, ({ done, total, now }) =>
      line.show(`Rendering charts and kustomizations: ${done} of ${total}${now ? `, ${now.path}` : ''}`),
    );
  } finally {
    line.clear();
  }
}
