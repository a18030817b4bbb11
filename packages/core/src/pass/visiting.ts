import { anything, callable, checkOptions, flag } from '@vogjs/base';
import { deviceTensorBytes, leaveUnsetCpuBackend, RecordedPasses, settleDevice } from '@vogjs/backend';
import { checkLabelRange } from '../labels/labels.js';
import { checkInputShapes } from '../model/fit.js';
import type { BoundModel, ScorableModel } from '../model/model.js';
import type { Probe, ProbeOptions } from '../probe/probe.js';
import { needsOf } from '../resources/needs.js';
import { checkRequirements } from '../resources/requirements.js';
import type { Requirements } from '../resources/resource.js';
import { checkTaskKind, refuseForTask } from '../task/refusals.js';
import { taskQuestion } from '../task/resolve.js';
import { checkModelArgument, checkPassOptions } from './arguments.js';
import { largestWithin, TRIAL_EXAMPLES, WORKING_MEMORY } from './chunk-choice.js';
import { type Chunk, estimateChunkSize } from './chunks.js';
import type { Consumer } from './consumer.js';
import { examplesOf } from './examples.js';
import type { OwnParts } from './provided.js';
import { passOver, type PassServices } from './pass-over.js';
import type { ResourceVisitor, VisitOptions } from './visit-options.js';

const WHERE = 'a pass over a probe';

/** What `visitProbe` does. */
export async function passOverProbe(
  model: ScorableModel,
  probeOptions: ProbeOptions,
  consumers: readonly Consumer[],
  options: VisitOptions,
  own: OwnParts,
): Promise<void> {
  checkModelArgument(WHERE, model);
  checkVisitOptions(options);
  for (const { requires } of consumers) checkRequirements(WHERE, requires);
  const probe = own.checkedProbe('a probe', probeOptions);
  const { logits = {}, task, provide = {}, onProgress } = options;
  checkTaskKind(WHERE, task);
  await probe.prepare();
  await leaveUnsetCpuBackend((line) => (provide.logger ?? own.logger).warn(line));
  const { features } = needsOf(consumers.map(({ requires }) => requires));
  const adapter = provide.modelAdapter ?? own.modelAdapter;
  const bound = adapter.bind(model, logits, features, taskQuestion(task, probe.given));
  const settling = settlingTask(bound, probe, consumers, options);
  checkInputShapes(probe.inputShapes, bound);
  const sizes = new ChunkSizes(probe, options.chunkSize);
  const clock = provide.clock ?? own.clock;
  const started = clock.now();
  const progress: Consumer = {
    requires: {},
    visit() {},
    receive: (_, { start, size, total }) =>
      onProgress?.({ done: start + size, total, milliseconds: clock.now() - started }),
  };
  const recorded = new RecordedPasses(options.recorded, 'second');
  try {
    await passOver(bound, examplesOf(probe, sizes.chunks()), [settling, ...consumers, progress], {
      gradientEngine: provide.gradientEngine ?? own.gradientEngine,
      recorded,
      ...sizes.services,
    });
  } finally {
    recorded.dispose();
  }
  await settleDevice('while resources were read');
}

/** What `visitResources` does. */
export async function passOverResources<const R extends Requirements, Name extends string>(
  model: ScorableModel,
  probe: ProbeOptions,
  requires: R,
  visitor: ResourceVisitor<R, Name>,
  options: VisitOptions,
  own: OwnParts,
): Promise<void> {
  checkModelArgument(WHERE, model);
  checkVisitOptions(options);
  checkRequirements(WHERE, requires);
  checkOptions('a visitor', visitor, { visit: callable, receive: callable }, ['visit', 'receive']);
  // The resolver gives exactly the values of `requires`; the type system cannot see through the string map.
  await passOverProbe(
    model,
    probe,
    [{ requires, ...(visitor as unknown as Omit<Consumer, 'requires'>) }],
    options,
    own,
  );
}

function checkVisitOptions(options: VisitOptions): void {
  checkPassOptions(WHERE, options, { task: anything, onTask: callable, recorded: flag });
}

/** The first consumer: learns the task, refuses what means nothing for it, and reads the labels by it. */
function settlingTask(
  bound: BoundModel,
  probe: Probe,
  consumers: readonly Consumer[],
  { onTask }: VisitOptions,
): Consumer {
  const all = consumers.map(({ requires }) => requires);
  const needs = needsOf(all);
  let isSettled = false;
  const settle = (): void => {
    if (isSettled || bound.task === null || bound.task === undefined) return;
    onTask?.(bound.task);
    for (const [name, resource] of all.flatMap(Object.entries)) {
      refuseForTask('Resource', name, needsOf([{ resource }]).tasks, bound.task);
    }
    probe.settle(bound.task);
    isSettled = true;
  };
  settle();
  return {
    requires: {},
    visit(_, chunk) {
      if (!needs.forward) return;
      // A function tells its units, and with them how its labels are read, only when it runs.
      if (!isSettled && needs.labels) chunk.logitsAt(chunk.inputs);
      else if (!isSettled) void chunk.task;
      settle();
      if (needs.labels && chunk.labels !== null) checkLabelRange(chunk.labels, chunk.classes, 'the model');
    },
  };
}

/** Cuts a probe into chunks as it is passed over: the first tells what the others may be. */
class ChunkSizes {
  private readonly estimate: number;
  private next: number;

  constructor(
    private readonly probe: Probe,
    private readonly given: number | undefined,
  ) {
    this.estimate = estimateChunkSize(probe.inputShapes);
    this.next = given ?? Math.min(this.estimate, TRIAL_EXAMPLES);
  }

  get services(): Omit<PassServices, 'gradientEngine'> {
    if (this.given !== undefined) return {};
    const limits = { estimate: this.estimate, workingMemory: WORKING_MEMORY, tensorBytes: deviceTensorBytes() };
    const first = Math.min(this.next, this.probe.size);
    return {
      onFootprint: (footprint) => {
        this.next = footprint === null ? this.estimate : largestWithin(footprint, first, limits);
      },
    };
  }

  *chunks(): Generator<Chunk> {
    for (let index = 0, start = 0, size = 0; start < this.probe.size; index++, start += size) {
      size = Math.min(this.next, this.probe.size - start);
      yield { index, start, size };
    }
  }
}
