import { describe, expect, it } from 'vitest';
import { healthOf } from '#core/health/health';
import type { JsonObject } from '#core/object';
import { check, condition, conditions, generation, objectOf, said } from './rows.ts';

describe('checks in Go', () => {
  check('batch/v1 Job', [
    { title: 'without condition', status: {}, is: 'Progressing' },
    {
      title: 'failed',
      status: conditions(condition('Failed', 'True', { message: 'backoff' })),
      is: 'Degraded: backoff',
    },
    { title: 'failed by type alone', status: conditions(condition('Failed', 'False')), is: 'Degraded' },
    { title: 'complete', status: conditions(condition('Complete', 'True', { message: 'done' })), is: 'Healthy: done' },
    {
      title: 'suspended',
      status: conditions(condition('Suspended', 'True', { message: 'held' })),
      is: 'Suspended: held',
    },
    {
      title: 'resumed and still running',
      status: conditions(condition('Suspended', 'False', { message: 'resumed' })),
      is: 'Healthy: resumed',
    },
    { title: 'of other conditions', status: conditions(condition('FailureTarget', 'True')), is: 'Progressing' },
  ]);

  check('batch/v1beta1 Job', [
    { title: 'of another version', is: 'error: unsupported Job GVK: batch/v1beta1, Kind=Job' },
  ]);
  check('v2 Pod', [{ title: 'of another version', is: 'error: unsupported Pod GVK: /v2, Kind=Pod' }]);

  const always = { restartPolicy: 'Always' };
  const waiting = (reason: string): JsonObject => ({ state: { waiting: { reason, message: `why ${reason}` } } });
  const terminated = (rest: JsonObject): JsonObject => ({ name: 'main', state: { terminated: rest } });
  check('v1 Pod', [
    ...['ErrImagePull', 'CreateContainerConfigError', 'CrashLoopBackOff'].map((reason) => ({
      title: `1: waits because of ${reason}`,
      spec: always,
      status: { phase: 'Pending', containerStatuses: [waiting(reason), waiting('ContainerCreating')] },
      is: `Degraded: why ${reason}`,
    })),
    {
      title: '1: not in one that ends',
      spec: { restartPolicy: 'Never' },
      status: { phase: 'Pending', containerStatuses: [waiting('ImagePullBackOff')] },
      is: 'Progressing',
    },
    { title: '2: pending', status: { phase: 'Pending', message: 'no node' }, is: 'Progressing: no node' },
    { title: '3: succeeded', status: { phase: 'Succeeded' }, is: 'Healthy' },
    { title: '4: failed, with a message', status: { phase: 'Failed', message: 'evicted' }, is: 'Degraded: evicted' },
    {
      title: '4: failed, init containers first',
      status: {
        phase: 'Failed',
        containerStatuses: [terminated({ message: 'main' })],
        initContainerStatuses: [terminated({ message: 'init' })],
      },
      is: 'Degraded: init',
    },
    {
      title: '4: out of memory',
      status: { phase: 'Failed', containerStatuses: [terminated({ reason: 'OOMKilled', exitCode: 137 })] },
      is: 'Degraded: OOMKilled',
    },
    {
      title: '4: by exit code',
      status: { phase: 'Failed', containerStatuses: [terminated({ exitCode: 0 }), terminated({ exitCode: 3 })] },
      is: 'Degraded: container "main" failed with exit code 3',
    },
    { title: '4: without a word', status: { phase: 'Failed' }, is: 'Degraded' },
    {
      title: '5: ready',
      spec: always,
      status: { phase: 'Running', ...conditions(condition('Ready', 'True')) },
      is: 'Healthy',
    },
    {
      title: '6: has ended before',
      spec: always,
      status: { phase: 'Running', containerStatuses: [{ lastState: { terminated: {} } }] },
      is: 'Degraded',
    },
    { title: '7: not ready yet', spec: always, status: { phase: 'Running' }, is: 'Progressing' },
    {
      title: '8: one that ends',
      spec: { restartPolicy: 'OnFailure' },
      status: { phase: 'Running', ...conditions(condition('Ready', 'True')) },
      is: 'Progressing',
    },
    { title: '9: without policy', status: { phase: 'Running' }, is: 'Unknown' },
    { title: '9: without status', is: 'Unknown' },
  ]);

  const rollout = (status: JsonObject): JsonObject => ({ observedGeneration: 2, ...status });
  check('apps/v1 Deployment', [
    { title: '1: paused', spec: { paused: true }, is: 'Suspended: Deployment is paused' },
    {
      title: '2: not observed',
      metadata: generation,
      status: { observedGeneration: 1 },
      is: 'Progressing: Waiting for rollout to finish: observed deployment generation less than desired generation',
    },
    {
      title: '3: past its deadline',
      metadata: generation,
      status: rollout(conditions(condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' }))),
      is: 'Degraded: Deployment "x" exceeded its progress deadline',
    },
    {
      title: '4: not updated',
      spec: { replicas: 3 },
      status: { updatedReplicas: 1 },
      is: 'Progressing: Waiting for rollout to finish: 1 out of 3 new replicas have been updated...',
    },
    {
      title: '5: old ones left',
      spec: { replicas: 1 },
      status: { updatedReplicas: 1, replicas: 3 },
      is: 'Progressing: Waiting for rollout to finish: 2 old replicas are pending termination...',
    },
    {
      title: '6: not available',
      spec: { replicas: 2 },
      status: { updatedReplicas: 2, replicas: 2, availableReplicas: 1 },
      is: 'Progressing: Waiting for rollout to finish: 1 of 2 updated replicas are available...',
    },
    {
      title: '7: rolled out',
      spec: { replicas: 2 },
      status: { updatedReplicas: 2, replicas: 2, availableReplicas: 2 },
      is: 'Healthy',
    },
    { title: '7: nothing said', is: 'Healthy' },
  ]);

  const rolling = (rollingUpdate: JsonObject): JsonObject => ({
    replicas: 3,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate },
  });
  check('apps/v1 StatefulSet', [
    { title: 'not observed', status: {}, is: 'Progressing: Waiting for statefulset spec update to be observed...' },
    {
      title: 'not ready',
      spec: { replicas: 3 },
      status: { observedGeneration: 1, readyReplicas: 1 },
      is: 'Progressing: Waiting for 2 pods to be ready...',
    },
    {
      title: 'partly rolled out',
      spec: rolling({ partition: 1 }),
      status: { observedGeneration: 1, readyReplicas: 3, updatedReplicas: 1 },
      is: 'Progressing: Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...',
    },
    {
      title: 'as far as its partition',
      spec: rolling({ partition: 1 }),
      status: { observedGeneration: 1, readyReplicas: 3, updatedReplicas: 2 },
      is: 'Healthy: partitioned roll out complete: 2 new pods have been updated...',
    },
    {
      title: 'rolling without partition',
      spec: rolling({}),
      status: { observedGeneration: 1, readyReplicas: 3 },
      is: 'Healthy: partitioned roll out complete: 0 new pods have been updated...',
    },
    {
      title: 'updated by hand',
      spec: { updateStrategy: { type: 'OnDelete' } },
      status: { observedGeneration: 1, readyReplicas: 4 },
      is: 'Healthy: statefulset has 4 ready pods',
    },
    {
      title: 'at another revision',
      status: { observedGeneration: 1, updateRevision: 'b', currentRevision: 'a' },
      is: 'Progressing: waiting for statefulset rolling update to complete 0 pods at revision b...',
    },
    {
      title: 'at its revision',
      status: { observedGeneration: 1, updateRevision: 'a', currentRevision: 'a', currentReplicas: 2 },
      is: 'Healthy: statefulset rolling update complete 2 pods at revision a...',
    },
  ]);

  check('apps/v1 DaemonSet', [
    {
      title: 'not observed',
      metadata: generation,
      status: { observedGeneration: 1 },
      is: 'Progressing: Waiting for rollout to finish: observed daemon set generation less than desired generation',
    },
    {
      title: 'updated by hand',
      spec: { updateStrategy: { type: 'OnDelete' } },
      status: { updatedNumberScheduled: 1, desiredNumberScheduled: 2 },
      is: 'Healthy: daemon set 1 out of 2 new pods have been updated',
    },
    {
      title: 'not updated',
      status: { updatedNumberScheduled: 1, desiredNumberScheduled: 2 },
      is: 'Progressing: Waiting for daemon set "x" rollout to finish: 1 out of 2 new pods have been updated...',
    },
    {
      title: 'not available',
      status: { updatedNumberScheduled: 2, desiredNumberScheduled: 2, numberAvailable: 1 },
      is: 'Progressing: Waiting for daemon set "x" rollout to finish: 1 of 2 updated pods are available...',
    },
    {
      title: 'rolled out',
      status: { updatedNumberScheduled: 2, desiredNumberScheduled: 2, numberAvailable: 2 },
      is: 'Healthy',
    },
  ]);

  check('apps/v1 ReplicaSet', [
    {
      title: 'not observed',
      metadata: generation,
      is: 'Progressing: Waiting for rollout to finish: observed replica set generation less than desired generation',
    },
    {
      title: 'cannot create',
      status: conditions(condition('ReplicaFailure', 'True', { message: 'quota' })),
      is: 'Degraded: quota',
    },
    {
      title: 'not available',
      spec: { replicas: 2 },
      status: { availableReplicas: 1 },
      is: 'Progressing: Waiting for rollout to finish: 1 out of 2 new replicas are available...',
    },
    { title: 'available', spec: { replicas: 2 }, status: { availableReplicas: 2 }, is: 'Healthy' },
  ]);

  check('v1 PersistentVolumeClaim', [
    { title: 'lost', status: { phase: 'Lost' }, is: 'Degraded' },
    { title: 'pending', status: { phase: 'Pending' }, is: 'Progressing' },
    { title: 'bound', status: { phase: 'Bound' }, is: 'Healthy' },
    { title: 'nothing said', is: 'Unknown' },
  ]);

  const address = { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } };
  check('v1 Service', [
    { title: 'inside', spec: { type: 'ClusterIP' }, is: 'Healthy' },
    { title: 'without address', spec: { type: 'LoadBalancer' }, is: 'Progressing' },
    { title: 'with address', spec: { type: 'LoadBalancer' }, status: address, is: 'Healthy' },
  ]);
  for (const apiVersion of ['networking.k8s.io/v1', 'extensions/v1beta1'])
    check(`${apiVersion} Ingress`, [
      { title: 'without address', is: 'Progressing' },
      { title: 'with address', status: address, is: 'Healthy' },
    ]);

  const able = condition('AbleToScale', 'True', { message: 'ready' });
  const blind = condition('ScalingActive', 'False', { reason: 'FailedGetPodsMetric', message: 'blind' });
  const annotated = (value: string): JsonObject => ({
    annotations: { 'autoscaling.alpha.kubernetes.io/conditions': value },
  });
  check('autoscaling/v2 HorizontalPodAutoscaler', [
    { title: 'nothing said', is: 'Progressing: Waiting to Autoscale' },
    { title: 'able', status: conditions(able), is: 'Healthy: ready' },
    { title: 'able and blind', status: conditions(able, blind), is: 'Degraded: blind' },
    {
      title: 'not able',
      status: conditions(condition('AbleToScale', 'False')),
      is: 'Progressing: Waiting to Autoscale',
    },
  ]);
  check('autoscaling/v1 HorizontalPodAutoscaler', [
    { title: 'nothing said', is: 'Progressing: Waiting to Autoscale' },
    { title: 'an empty annotation', metadata: annotated('[]'), is: 'Progressing: Waiting to Autoscale' },
    {
      title: 'able',
      metadata: annotated(JSON.stringify([{ Type: 'AbleToScale', status: 'True', message: 'ready' }])),
      is: 'Healthy: ready',
    },
  ]);
  it('autoscaling/v1 with an annotation that is no JSON fails', () => {
    const object = objectOf('autoscaling/v1 HorizontalPodAutoscaler', { metadata: annotated('{') });
    expect(said(healthOf(object))).toMatch(/^error: failed to convert conditions annotation to typed: /);
  });

  check('apiregistration.k8s.io/v1 APIService', [
    { title: 'nothing said', is: 'Progressing: Waiting to be processed' },
    {
      title: 'available',
      status: conditions(condition('Available', 'True', { reason: 'Passed', message: 'ok' })),
      is: 'Healthy: Passed: ok',
    },
    {
      title: 'not available',
      status: conditions(condition('Available', 'False', { reason: 'No', message: 'why' })),
      is: 'Progressing: No: why',
    },
  ]);

  check('argoproj.io/v1alpha1 Workflow', [
    { title: 'new', is: 'Progressing' },
    { title: 'running', status: { phase: 'Running', message: 'm' }, is: 'Progressing: m' },
    { title: 'succeeded', status: { phase: 'Succeeded' }, is: 'Healthy' },
    { title: 'failed', status: { phase: 'Error' }, is: 'Degraded' },
    { title: 'of another phase', status: { phase: 'Odd' }, is: 'Unknown' },
  ]);
});
