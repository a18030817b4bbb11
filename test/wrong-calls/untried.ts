import * as options from '@vogjs/base/options';

/** Functions that are not tried, and why. */
export const untried: Readonly<Record<string, string>> = {
  prepareBackend: 'takes nothing',
  yieldToHost: 'takes nothing',
  settleDevice: 'takes a word for its message',
  refuseUnknownKeys: 'is itself the check',
  checkedProbe: 'is itself the check',
  checkModelArgument: 'is itself the check',
  checkPassOptions: 'is itself the check',
  needsOf: 'for the engines of the other packages',
  refuseForTask: 'is itself the check',
  resourceKey: 'for authors of resources: gives a string',
  wordsOf: 'reads the words of a definition, which defineMetric has checked',
  withLeanGradients: 'calls the function it is given',
  assertInputGradient: 'a test helper: it throws what an assertion throws',
  compareWithFiniteDifferences: 'a test helper',
  allocate: 'a part of readers and writers, for packages',
  bytesOf: 'a part of readers and writers, for packages',
  checksumOf: 'a part of readers and writers, for packages',
  checksumOfHashes: 'a part of readers and writers, for packages',
  elementTypeOf: 'a part of readers and writers, for packages',
  layOutSafetensors: 'a part of readers and writers, for packages',
  readSafetensorsHeader: 'a part of readers and writers, for packages',
  safetensorsHeadLength: 'a part of readers and writers, for packages',
  requireArray: 'for packages that check arguments',
  requireShaped: 'for packages that check arguments',
  defineStatistic: 'tried through defineDetector',
  visitProbe: 'for packages: takes a probe, which is checked where it is made',
  ...Object.fromEntries(
    Object.keys(options).map((name) => [name, 'a word of a declaration: what is no option is refused by defineMetric']),
  ),
};
