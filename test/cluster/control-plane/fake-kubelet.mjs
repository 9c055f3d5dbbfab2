#!/usr/bin/env node
// Scheduler, kubelet and volume provisioner in one process, without containers: it binds pods to one node, walks their
// status through the states a kubelet would report, serves their logs, and provisions volumes. What a pod does is said by
// annotations on the pod (that is: on the pod template); see PodScript below.
import { createServer } from 'node:https';
import { existsSync, readFileSync } from 'node:fs';
import { Api } from './lib/api.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const api = new Api({ server: config.server, ca: readFileSync(config.ca), token: config.token });
const node = config.node;
const now = () => new Date().toISOString().replace(/\.\d+/, '');
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const log = (...args) => console.log(new Date().toISOString(), ...args);

const prefix = 'test.argocd-hooks.dev/';
const milliseconds = (text, fallback) => {
  const m = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  return m ? Number(m[1]) * { ms: 1, s: 1000, m: 60000 }[m[2] ?? 'ms'] : fallback;
};

/**
 * What the annotations of a pod ask for.
 *   pod:        succeed | fail | run | hang | pending | image-pull-error | crash-loop
 *               (default: succeed when restartPolicy is not Always, else run)
 *   after:      time until the pod ends (succeed, fail), becomes ready (run) or shows its error; default 300 ms / 200 ms
 *   exit-code:  of a failing container; default 1
 *   fail-times: the first N runs of the same owner fail, later ones do `pod`
 *   logs:       text of the log, spread over the life of the pod; default two lines
 *   terminate-after: time between the deletion request and the pod's end; default 50 ms
 */
function podScript(pod) {
  const read = (key) => pod.metadata.annotations?.[prefix + key];
  const ends = pod.spec.restartPolicy !== 'Always';
  let behaviour = read('pod') ?? (ends ? 'succeed' : 'run');
  if (runsOf(pod) < Number(read('fail-times') ?? 0)) behaviour = 'fail';
  return {
    behaviour,
    after: milliseconds(read('after'), ends ? 300 : 200),
    exitCode: Number(read('exit-code') ?? 1),
    terminateAfter: milliseconds(read('terminate-after'), 50),
    logs:
      read('logs') ??
      `${pod.metadata.name} started\n${pod.metadata.name} ${behaviour === 'fail' ? 'failed' : 'done'}\n`,
  };
}

const pods = new Map(); // uid -> Runtime
const failures = new Map(); // owner uid -> failed runs so far
const ownerOf = (pod) => pod.metadata.ownerReferences?.[0]?.uid ?? pod.metadata.uid;
const runsOf = (pod) => failures.get(ownerOf(pod)) ?? 0;
const pathOf = (pod) => `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;

async function event(object, type, reason, message) {
  const { namespace, name, uid } = object.metadata;
  await api
    .request('POST', `/api/v1/namespaces/${namespace}/events`, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: `${name}.`, namespace },
      type,
      reason,
      message,
      involvedObject: { apiVersion: 'v1', kind: object.kind ?? 'Pod', namespace, name, uid },
      source: { component: 'kubelet', host: node },
      firstTimestamp: now(),
      lastTimestamp: now(),
      count: 1,
    })
    .catch(() => {});
}

/** One pod's life. Every step reads the latest object, so that a deletion cuts in at any point. */
class Runtime {
  constructor(pod) {
    this.pod = pod;
    this.lines = []; // {at: ISO time, text}
    this.waiters = new Set();
    this.ended = false;
    this.live().catch((error) => {
      if (error.code !== 404) log('pod', pathOf(this.pod), error.message);
    });
  }

  get deleted() {
    return this.gone || this.pod.metadata.deletionTimestamp !== undefined;
  }

  update(pod) {
    this.pod = pod;
    if (this.deleted && !this.stopping) {
      this.stopping = true;
      this.stop().catch((error) => {
        if (error.code !== 404) log('stop', pathOf(pod), error.message);
      });
    }
  }

  print(text) {
    this.lines.push({ at: new Date().toISOString(), text });
    for (const wake of this.waiters) wake();
  }

  end() {
    this.ended = true;
    for (const wake of this.waiters) wake();
  }

  async until(condition, ms = 100) {
    while (!this.deleted) {
      if (await condition()) return true;
      await sleep(ms);
    }
    return false;
  }

  async live() {
    if (['Succeeded', 'Failed'].includes(this.pod.status?.phase)) {
      this.end();
      return;
    }
    if (this.deleted) {
      this.update(this.pod);
      return;
    }
    if (!this.pod.spec.nodeName) await this.bind();
    if (this.deleted) return;
    const script = podScript(this.pod);
    if (script.behaviour === 'pending') return;
    await this.report('Pending', 'ContainerCreating');
    if (!(await this.until(() => this.mounts()))) return;
    if (script.behaviour === 'image-pull-error') {
      await sleep(script.after);
      await event(
        this.pod,
        'Warning',
        'Failed',
        `Failed to pull image "${this.pod.spec.containers[0].image}": not found`,
      );
      await this.report('Pending', 'ImagePullBackOff', 'Back-off pulling image');
      return;
    }
    this.startedAt = now();
    await this.report('Running', undefined, undefined, false);
    const lines = script.logs.replace(/\n$/, '').split('\n');
    const step = script.after / lines.length;
    for (const line of lines) {
      if (this.deleted) return;
      this.print(line);
      await sleep(step);
    }
    if (this.deleted) return;
    switch (script.behaviour) {
      case 'run':
        await this.report('Running', undefined, undefined, true);
        return;
      case 'hang':
        return;
      case 'crash-loop':
        this.restarts = 3;
        await this.report(
          'Running',
          'CrashLoopBackOff',
          'back-off 40s restarting failed container',
          false,
          script.exitCode,
        );
        return;
      case 'fail': {
        failures.set(ownerOf(this.pod), runsOf(this.pod) + 1);
        if (this.pod.spec.restartPolicy === 'Never') {
          await this.finish('Failed', script.exitCode);
          return;
        }
        this.restarts = (this.restarts ?? 0) + 1;
        await this.report(
          'Running',
          'CrashLoopBackOff',
          'back-off restarting failed container',
          false,
          script.exitCode,
        );
        await sleep(300);
        if (!this.deleted) await this.live();
        return;
      }
      default:
        if (this.pod.spec.restartPolicy === 'Always') await this.report('Running', undefined, undefined, true);
        else await this.finish('Succeeded', 0);
    }
  }

  async bind() {
    const bound = await this.until(async () => {
      for (const claim of claimsOf(this.pod)) if (!(await volumes.ready(claim, this.pod))) return false;
      return true;
    });
    if (!bound) return;
    await api.request('POST', `${pathOf(this.pod)}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: this.pod.metadata.name, uid: this.pod.metadata.uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
    event(
      this.pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${this.pod.metadata.namespace}/${this.pod.metadata.name} to ${node}`,
    );
  }

  /** True when every ConfigMap and Secret that the pod needs exists; else an event, as the kubelet would send it. */
  async mounts() {
    for (const { kind, name } of referencesOf(this.pod)) {
      const plural = kind === 'Secret' ? 'secrets' : 'configmaps';
      try {
        await api.get(`/api/v1/namespaces/${this.pod.metadata.namespace}/${plural}/${name}`);
      } catch (error) {
        if (error.code === 404 && !this.complained) {
          this.complained = true;
          event(
            this.pod,
            'Warning',
            'FailedMount',
            `MountVolume.SetUp failed: ${kind.toLowerCase()} "${name}" not found`,
          );
        }
        return false;
      }
    }
    return true;
  }

  containerStatus(container, { waiting, message, ready, running, exitCode, reason }) {
    const terminated =
      exitCode === undefined
        ? undefined
        : {
            exitCode,
            reason: reason ?? (exitCode ? 'Error' : 'Completed'),
            startedAt: this.startedAt ?? now(),
            finishedAt: now(),
          };
    const state = running
      ? { running: { startedAt: this.startedAt } }
      : waiting
        ? { waiting: { reason: waiting, ...(message ? { message } : {}) } }
        : { terminated };
    return {
      name: container.name,
      image: container.image,
      imageID: '',
      restartCount: this.restarts ?? 0,
      ready: !!ready,
      started: !!running,
      state,
      ...(waiting && terminated ? { lastState: { terminated } } : {}),
    };
  }

  async report(phase, waiting, message, ready = false, exitCode) {
    const running = phase === 'Running' && !waiting;
    const one = (c) => this.containerStatus(c, { waiting, message, ready, running, exitCode });
    await this.write(phase, this.pod.spec.containers.map(one), ready, phase === 'Pending');
  }

  async finish(phase, exitCode, reason) {
    await this.write(
      phase,
      this.pod.spec.containers.map((c) => this.containerStatus(c, { exitCode, reason })),
      false,
    );
    this.end();
  }

  async write(phase, containerStatuses, ready, pending) {
    const at = now();
    const condition = (type, on, reason) => ({
      type,
      status: on ? 'True' : 'False',
      lastTransitionTime: at,
      ...(on || !reason ? {} : { reason }),
    });
    const why = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : 'ContainersNotReady';
    const inits = this.pod.spec.initContainers ?? [];
    await api.patchStatus(pathOf(this.pod), {
      phase,
      hostIP: '127.0.0.1',
      hostIPs: [{ ip: '127.0.0.1' }],
      startTime: this.pod.status?.startTime ?? at,
      ...(pending ? {} : { podIP: '10.244.0.1', podIPs: [{ ip: '10.244.0.1' }] }),
      conditions: [
        condition('PodReadyToStartContainers', !pending),
        condition('Initialized', !pending || !inits.length),
        condition('Ready', ready, why),
        condition('ContainersReady', ready, why),
        condition('PodScheduled', true),
      ],
      containerStatuses,
      ...(inits.length
        ? {
            initContainerStatuses: inits.map((c) =>
              this.containerStatus(c, pending ? { waiting: 'PodInitializing' } : { exitCode: 0 }),
            ),
          }
        : {}),
    });
  }

  /** Deletion was asked for: end the containers, then remove the pod. Finalizers keep it, as they should. */
  async stop() {
    await sleep(podScript(this.pod).terminateAfter);
    if (!this.ended) await this.finish('Failed', 143);
    await api.request('DELETE', pathOf(this.pod), {
      gracePeriodSeconds: 0,
      preconditions: { uid: this.pod.metadata.uid },
    });
  }
}

const claimsOf = (pod) =>
  (pod.spec.volumes ?? []).flatMap((v) =>
    v.persistentVolumeClaim
      ? [v.persistentVolumeClaim.claimName]
      : v.ephemeral
        ? [`${pod.metadata.name}-${v.name}`]
        : [],
  );

function referencesOf(pod) {
  const found = [];
  const add = (kind, source, key = 'name') => {
    if (source && !source.optional && source[key]) found.push({ kind, name: source[key] });
  };
  for (const v of pod.spec.volumes ?? []) {
    add('ConfigMap', v.configMap);
    add('Secret', v.secret, 'secretName');
    for (const s of v.projected?.sources ?? []) {
      if (s.configMap?.name !== 'kube-root-ca.crt') add('ConfigMap', s.configMap);
      add('Secret', s.secret);
    }
  }
  for (const c of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    for (const e of c.envFrom ?? []) {
      add('ConfigMap', e.configMapRef);
      add('Secret', e.secretRef);
    }
    for (const e of c.env ?? []) {
      add('ConfigMap', e.valueFrom?.configMapKeyRef);
      add('Secret', e.valueFrom?.secretKeyRef);
    }
  }
  return found;
}

/** Provisions a volume for claims of our classes: at once, or (WaitForFirstConsumer) when a pod asks. */
const volumes = {
  async ready(name, pod) {
    let claim;
    try {
      claim = await api.get(`/api/v1/namespaces/${pod.metadata.namespace}/persistentvolumeclaims/${name}`);
    } catch {
      return false;
    }
    if (claim.status?.phase === 'Bound') return true;
    await this.provision(claim, true);
    return false;
  },
  async provision(claim, wanted) {
    if (claim.spec.volumeName || claim.metadata.deletionTimestamp || !claim.spec.storageClassName) return;
    let storage;
    try {
      storage = await api.get(`/apis/storage.k8s.io/v1/storageclasses/${claim.spec.storageClassName}`);
    } catch {
      return;
    }
    if (storage.provisioner !== config.provisioner || (storage.volumeBindingMode === 'WaitForFirstConsumer' && !wanted))
      return;
    const { name, namespace, uid } = claim.metadata;
    await api
      .request('POST', '/api/v1/persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': config.provisioner } },
        spec: {
          capacity: { storage: claim.spec.resources.requests.storage },
          accessModes: claim.spec.accessModes,
          volumeMode: claim.spec.volumeMode,
          storageClassName: claim.spec.storageClassName,
          persistentVolumeReclaimPolicy: 'Retain',
          hostPath: { path: `/fake/${uid}` },
          claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
        },
      })
      .catch((error) => {
        if (error.code !== 409) log('provision', namespace, name, error.message);
      });
  },
};

/** The kubelet's read-only face: the API server's `…/pods/NAME/log` ends here. */
function serve() {
  return new Promise((resolve) => {
    const server = createServer({
      key: readFileSync(config.kubelet.key),
      cert: readFileSync(config.kubelet.cert),
      ca: readFileSync(config.ca),
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.on('request', (req, res) => {
      const url = new URL(req.url, 'https://kubelet');
      const [, verb, namespace, name] = url.pathname.split('/');
      const runtime = [...pods.values()].findLast(
        (r) => r.pod.metadata.namespace === namespace && r.pod.metadata.name === name,
      );
      if (verb === 'healthz') {
        res.end('ok');
        return;
      }
      if (verb !== 'containerLogs') {
        res.writeHead(404).end('not served by the fake kubelet\n');
        return;
      }
      if (!runtime?.startedAt) {
        res.writeHead(400).end(`container in pod "${name}" is waiting to start: ContainerCreating\n`);
        return;
      }
      const follow = url.searchParams.get('follow') === 'true';
      const stamps = url.searchParams.get('timestamps') === 'true';
      const tail = url.searchParams.get('tailLines');
      const since = url.searchParams.has('sinceSeconds')
        ? Date.now() - Number(url.searchParams.get('sinceSeconds')) * 1000
        : Date.parse(url.searchParams.get('sinceTime') ?? 0);
      let next = tail === null ? 0 : Math.max(0, runtime.lines.length - Number(tail));
      const flush = () => {
        for (; next < runtime.lines.length; next++) {
          const { at, text } = runtime.lines[next];
          if (!(Date.parse(at) < since)) res.write(`${stamps ? `${at} ` : ''}${text}\n`);
        }
        if (!follow || runtime.ended) {
          runtime.waiters.delete(flush);
          res.end();
        }
      };
      res.writeHead(200, { 'content-type': 'text/plain' });
      res.flushHeaders();
      runtime.waiters.add(flush);
      req.on('close', () => runtime.waiters.delete(flush));
      flush();
    });
    server.listen(config.kubelet.port, '127.0.0.1', resolve);
  });
}

async function register() {
  const status = {
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: node },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: config.kubelet.port } },
    capacity: { cpu: '64', memory: '256Gi', pods: '10000' },
    allocatable: { cpu: '64', memory: '256Gi', pods: '10000' },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'fake kubelet',
        lastHeartbeatTime: now(),
        lastTransitionTime: now(),
      },
    ],
    nodeInfo: {
      kubeletVersion: config.version,
      kubeProxyVersion: '',
      containerRuntimeVersion: 'fake://1',
      operatingSystem: 'linux',
      architecture: 'amd64',
      osImage: 'fake',
      kernelVersion: 'fake',
      bootID: '',
      machineID: '',
      systemUUID: '',
    },
  };
  await api
    .request('POST', '/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node, labels: { 'kubernetes.io/hostname': node, 'kubernetes.io/os': 'linux' } },
    })
    .catch((error) => {
      if (error.code !== 409) throw error;
    });
  await api.patchStatus(`/api/v1/nodes/${node}`, status);
  await api.request('PATCH', `/api/v1/nodes/${node}`, { spec: { taints: null } }, 'application/merge-patch+json');
  for (const [name, mode, isDefault] of [
    ['standard', 'WaitForFirstConsumer', 'true'],
    ['immediate', 'Immediate', 'false'],
  ]) {
    await api
      .request('POST', '/apis/storage.k8s.io/v1/storageclasses', {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        provisioner: config.provisioner,
        volumeBindingMode: mode,
        metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': isDefault } },
      })
      .catch((error) => {
        if (error.code !== 409) throw error;
      });
  }
}

const seen = (type, pod) => {
  const { uid } = pod.metadata;
  if (type === 'DELETED') {
    const runtime = pods.get(uid);
    if (runtime) {
      runtime.gone = true;
      runtime.end();
      setTimeout(() => pods.delete(uid), 30_000).unref();
    }
  } else if (pods.has(uid)) pods.get(uid).update(pod);
  else pods.set(uid, new Runtime(pod));
};
const relist = (items) => {
  const alive = new Set(items.map((p) => p.metadata.uid));
  for (const [uid, runtime] of pods)
    if (!alive.has(uid)) {
      runtime.gone = true;
      runtime.end();
    }
};

await serve();
await register();
log('node', node, 'is ready');
api.watch('/api/v1/pods', seen, relist);
api.watch('/api/v1/persistentvolumeclaims', (type, claim) => {
  if (type !== 'DELETED') volumes.provision(claim, false);
});
if (config.ownerPid) {
  // Nothing outlives a test run that was killed: without its owner the whole control plane stops.
  setInterval(() => {
    try {
      process.kill(config.ownerPid, 0);
    } catch {
      for (const pid of Object.values(
        existsSync(config.state) ? JSON.parse(readFileSync(config.state, 'utf8')).pids : {},
      )) {
        if (pid !== process.pid)
          try {
            process.kill(pid, 'SIGKILL');
          } catch {
            /* already gone */
          }
      }
      process.exit(0);
    }
  }, 1000);
}
