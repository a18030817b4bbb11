import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import process from 'node:process';
import type { BackendName } from '@vogjs/core/node';
import { BACKENDS } from '../backend-names.js';
import { describeProcessor } from './device.js';
import { isExamined, reportOf, runProbe } from './examine.js';
import type { DoctorOptions } from './options.js';
import type { BackendReport, DoctorReport } from './report.js';
import { formatReport, showProgress } from './terminal.js';
import type { TimedNetwork } from './throughput.js';

/** `vogjs doctor`: exit code 0 when the backend that `selectBackend` takes is right. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const report = await examine(options, options.json ? () => {} : showProgress());
  console.log(options.json ? JSON.stringify(report, null, 2) : formatReport(report));
  return report.right ? 0 : 1;
}

/**
 * Examines what `selectBackend` takes, then every other backend, each in a process of its own, one after the other so
 * that their speeds can be compared.
 *
 * @param progress told what is being examined, and null at the end
 */
async function examine(
  { backend: only, resnet, timeout }: DoctorOptions,
  progress: (what: string | null) => void = () => {},
): Promise<DoctorReport> {
  const load = loadavg()[0] ?? 0;
  const networks: readonly TimedNetwork[] = resnet ? ['lenet', 'resnet18'] : ['lenet'];
  const reports = new Map<BackendName, BackendReport>();
  progress(only ?? 'the backend that is chosen here');
  // selectBackend itself says which one is chosen: a rule of our own could only differ from it.
  const findings = await runProbe({ backend: only ?? 'auto', networks }, timeout);
  const taken = findings.loaded?.backend ?? '';
  const chosen = isExamined(taken) ? taken : null;
  if (chosen !== null) reports.set(chosen, reportOf(chosen, findings, timeout));
  else if (only !== null) reports.set(only, reportOf(only, findings, timeout));
  if (only === null) {
    for (const backend of BACKENDS.filter((each) => !reports.has(each))) {
      progress(backend);
      reports.set(backend, reportOf(backend, await runProbe({ backend, networks }, timeout), timeout));
    }
  }
  progress(null);
  const reason = findings.failure?.reason ?? `selectBackend() did not return (${findings.last})`;
  return {
    vogjs: (createRequire(import.meta.url)('../../package.json') as { version: string }).version,
    node: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    processor: describeProcessor().name.replace(/ x \d+$/, ''),
    cores: cpus().length,
    memory: totalmem(),
    load,
    chosen,
    right: chosen !== null && reports.get(chosen)?.state === 'right',
    reason: chosen === null ? reason : null,
    backends: BACKENDS.flatMap((backend) => reports.get(backend) ?? []),
  };
}
