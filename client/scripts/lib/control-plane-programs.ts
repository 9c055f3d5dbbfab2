import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.ts';

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];

/**
 * The folder of the control plane's programs; builds them where neither KUBEBUILDER_ASSETS nor the cache holds all of
 * them. Throws with what to do where that cannot be.
 */
export function controlPlanePrograms(): string {
  const given = process.env['KUBEBUILDER_ASSETS'] ?? '';
  if (given !== '' && PROGRAMS.every((name) => existsSync(path.join(given, name)))) return given;
  const script = inRoot('test/cluster/control-plane/build.sh');
  try {
    console.log('control plane: looking for its programs (the first build takes seven to eleven minutes)');
    return execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  } catch {
    const go = spawnSync(process.env['GO'] ?? 'go', ['version'], { stdio: 'ignore' }).status === 0;
    throw new Error(
      go
        ? 'The programs of the control plane could not be built; the lines above say why.'
        : 'The tests need etcd, kube-apiserver, kube-controller-manager and kubectl: install Go 1.21 or newer (they are then built once), or set KUBEBUILDER_ASSETS to a folder that holds all four.',
    );
  }
}
