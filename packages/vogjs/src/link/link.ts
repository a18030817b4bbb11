import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { describeProcessor } from '../doctor/device.js';
import { runProbe, type Findings } from '../doctor/examine.js';
import { BUILD_BYTES } from './build-folder.js';
import { buildAddon, stageLibraries } from './build.js';
import { abandon, exchange, keepExchange, prepareStaging, undoLink } from './exchange.js';
import { collectHeaders, includedHeaders } from './headers.js';
import type { LinkOptions } from './options.js';
import { findNativePackage, type NativePackage } from './package.js';
import { checkLibrary, checkPlatform } from './platform.js';
import { findPythonTensorFlow } from './python.js';
import { openSource, type TensorFlowSource } from './source.js';
import { findToolchain } from './toolchain.js';

/** What `vogjs link-libtensorflow --json` prints. */
interface LinkReport {
  readonly package: string;
  readonly packageVersion: string;
  readonly folder: string;
  /** What it was linked to; null after an undo. */
  readonly source: string | null;
  /** As the linked library itself tells it; null after an undo. */
  readonly tensorflow: string | null;
  readonly device: string | null;
  readonly gradientError: number | null;
  readonly imagesPerSecond: number | null;
  /** Whether recorded passes run as functions, on a GPU too; null after an undo. */
  readonly functions: boolean | null;
  readonly notes: readonly string[];
}

const VERIFY_SECONDS = 180;

/** `vogjs link-libtensorflow`: exit code 0 when the package is linked and verified, or its link undone. */
export async function runLink(options: LinkOptions): Promise<number> {
  const say = options.json ? () => {} : (line: string) => console.log(line);
  const report = options.undo ? await undo(options, say) : await linkPackage(options, say);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  return 0;
}

async function undo(options: LinkOptions, say: (line: string) => void): Promise<LinkReport> {
  const target = await findNativePackage(options.package);
  const record = await undoLink(target.folder);
  say(`${target.name} is as it was before${record === null ? '' : ` it was linked to ${record.source}`}.`);
  return reportOf(target, null, null, null, []);
}

async function linkPackage(options: LinkOptions, say: (line: string) => void): Promise<LinkReport> {
  checkPlatform();
  const target = await findNativePackage(options.package);
  say(`Package     ${target.name} ${target.version} in ${target.folder}`);
  const tools = findToolchain();
  const given = options.path ?? (await findPythonTensorFlow());
  const staging = await prepareStaging(target.folder).catch((error: unknown) => {
    throw new VogError(
      'PACKAGE_READ_ONLY',
      `${target.folder} cannot be written to: link as the user who installed it.`,
      {
        cause: error,
      },
    );
  });
  try {
    const source = await openSource(given, join(staging, 'unpacked'));
    try {
      say(`TensorFlow  ${source.version ?? '(version told after the link)'} from ${source.path}`);
      await stage(target, source, staging, say);
    } finally {
      await source.close();
    }
    say(`Building    with ${tools.compiler} and Node's headers in ${tools.nodeFolder}`);
    const hasFunctions = await buildAddon(target, tools, staging);
    await exchange(target.folder);
    say('Verifying   in a process of its own');
    const findings = await verify(target);
    const tensorflow = /TensorFlow (\S+)/.exec(findings.loaded?.version ?? '')?.[1] ?? 'unknown';
    await keepExchange(target.folder, {
      package: target.name,
      source: given,
      tensorflow,
      date: new Date().toISOString(),
    });
    const report = reportOf(target, given, findings, hasFunctions, notesOn(target, findings, hasFunctions));
    say(
      `Linked      ${target.name} runs TensorFlow ${tensorflow} on ${report.device ?? 'an unknown device'}: input gradient within ${findings.gradient?.error.toExponential(1)}, ${Math.round(report.imagesPerSecond ?? 0)} LeNet images/s`,
    );
    for (const note of report.notes) say(`Note        ${note}`);
    say('Undo        vogjs link-libtensorflow --undo');
    return report;
  } catch (error) {
    await abandon(target.folder);
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(target.folder, error) : error;
  }
}

/** Checks all that can be checked before the first large file is written, then lays the files out. */
async function stage(
  target: NativePackage,
  source: TensorFlowSource,
  staging: string,
  say: (line: string) => void,
): Promise<void> {
  const roots = await includedHeaders(join(target.folder, 'binding'));
  const headers = await collectHeaders(roots, source.header, source.path);
  const libraries = [source.main, source.framework];
  for (const library of libraries) checkLibrary(await library.head(20), library.name);
  const costs = await Promise.all(libraries.map((library) => library.cost(staging)));
  const needed = costs.reduce((sum, cost) => sum + cost, BUILD_BYTES);
  const { bavail, bsize } = await statfs(staging);
  if (bavail * bsize < needed) throw diskFull(target.folder, undefined, needed, bavail * bsize);
  const total = libraries.reduce((sum, { size }) => sum + size, 0);
  say(`Staging     2 libraries (${mebibytes(total)}) and ${headers.size} headers`);
  await stageLibraries(source, headers, staging);
}

async function verify(target: NativePackage): Promise<Findings> {
  const findings = await runProbe(
    { backend: target.backend, module: target.main, networks: ['lenet'] },
    VERIFY_SECONDS,
  );
  if (findings.end === 'done' && findings.failure === null && findings.gradient?.right === true) return findings;
  const why =
    findings.failure?.reason ??
    (findings.end === 'done'
      ? `its input gradient is off by ${findings.gradient?.error}`
      : `its process ${findings.end === 'hung' ? `gave no answer within ${VERIFY_SECONDS} s` : 'died'} (${findings.last})`);
  throw new VogError(
    'LINK_UNVERIFIED',
    `The add-on was built, but ${target.name} does not work with this TensorFlow: ${why}. What was there before is back in place.`,
  );
}

/** What keeps selectBackend from taking the package, or the GPU from being used. */
function notesOn(target: NativePackage, { device }: Findings, hasFunctions: boolean): string[] {
  const notes: string[] = [];
  if (!hasFunctions) {
    notes.push(
      `passes are not recorded on a GPU: the add-on's sources are not those of 4.22, and what that takes could not be added`,
    );
  }
  const theirs = createRequire(target.main).resolve('@tensorflow/tfjs');
  const ours = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
  if (theirs !== ours) {
    notes.push(
      'this VoG.js sees another copy of TensorFlow.js than the package does, and would not take it: install vogjs in the same project',
    );
  }
  if (target.backend === 'tfjs-node-gpu' && device?.name === describeProcessor().name) {
    const where = existsSync(join(target.folder, 'deps', 'nvidia'))
      ? "pip's nvidia folder"
      : "LD_LIBRARY_PATH and the system's folders: link from an installed tensorflow[and-cuda] to use pip's";
    notes.push(`no GPU is used: TensorFlow found none, or not its CUDA libraries (it looks in ${where})`);
  }
  return notes;
}

function reportOf(
  target: NativePackage,
  source: string | null,
  findings: Findings | null,
  functions: boolean | null,
  notes: readonly string[],
): LinkReport {
  return {
    package: target.name,
    packageVersion: target.version,
    folder: target.folder,
    source,
    tensorflow: /TensorFlow (\S+)/.exec(findings?.loaded?.version ?? '')?.[1] ?? null,
    device: findings?.device?.name ?? null,
    gradientError: findings?.gradient?.error ?? null,
    imagesPerSecond: findings?.imagesPerSecond.lenet ?? null,
    functions,
    notes,
  };
}

function diskFull(folder: string, cause: unknown, needed?: number, free?: number): VogError {
  const amounts = needed === undefined ? '' : `: ${mebibytes(needed)} are needed and ${mebibytes(free ?? 0)} are free`;
  return new VogError('DISK_FULL', `There is not enough disk space in ${folder}${amounts}.`, { cause });
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
