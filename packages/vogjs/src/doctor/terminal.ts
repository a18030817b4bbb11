import process from 'node:process';
import { styleText } from 'node:util';
import type { BackendReport, BackendState, DoctorReport } from './report.js';

const MARKS: Readonly<Record<BackendState, string>> = {
  right: '✓',
  wrong: '✗',
  crashed: '✗',
  hung: '✗',
  unusable: '!',
  absent: '·',
};
const COLOURS = { '✓': 'green', '✗': 'red', '!': 'yellow', '·': 'dim' } as const;

/** A line on a terminal that says what is being examined, and goes when it is done; nothing where there is none. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): (what: string | null) => void {
  if (!stream.isTTY) return () => {};
  return (what) => stream.write(what === null ? '\r\x1b[K' : `\r\x1b[KExamining ${what} …`);
}

/** The report for people: a table of backends, then a block for each that loads or should have. */
export function formatReport(report: DoctorReport, colours = wantsColours()): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colours ? styleText(style, text) : text;
  const { node, platform, architecture, processor, cores, memory, backends, chosen } = report;
  const lines = [
    `vogjs ${report.vogjs}, Node ${node}, ${platform} ${architecture}, ${processor} (${cores} cores, ${gibibytes(memory)})`,
    '',
    paint('bold', 'backend          state     gradient error   images/s'),
  ];
  if (report.load > cores / 2) {
    lines.splice(1, 0, `The machine is busy (load ${report.load.toFixed(1)}): the speeds below are too low.`);
  }
  for (const backend of backends) {
    const mark = MARKS[backend.state];
    const { error } = backend.gradient ?? { error: null };
    const rates = [backend.imagesPerSecond.lenet, backend.imagesPerSecond.resnet18]
      .map((rate, i) => (rate === null ? null : `${formatRate(rate)} ${i === 0 ? 'LeNet' : 'ResNet-18'}`))
      .filter((text) => text !== null);
    const cells = [
      `${mark} ${backend.backend.padEnd(13)}`,
      backend.state.padEnd(8),
      (error === null ? '-' : error.toExponential(1)).padStart(14),
      rates.join(', ') || '-',
    ];
    const row = cells.join('  ');
    lines.push(`${paint(COLOURS[mark as keyof typeof COLOURS], row)}${backend.backend === chosen ? '  ← chosen' : ''}`);
    lines.push(...detailsOf(backend).map((detail) => paint('dim', `    ${detail}`)));
  }
  lines.push('', verdict(report, paint));
  return lines.join('\n');
}

function detailsOf({ state, version, device, reason, notes }: BackendReport): string[] {
  const details: string[] = [];
  if (state === 'absent') return details;
  if (version !== null) details.push(version);
  if (device !== null) details.push(`${device.name}${device.memory === null ? '' : `, ${gibibytes(device.memory)}`}`);
  if (reason !== null) details.push(reason);
  // Why the faster ones were not taken stands in their own rows.
  details.push(...notes.filter((note) => /^(repaired|recorded|no GPU)/.test(note)).map(shorten));
  return details;
}

function verdict(
  { chosen, right, reason }: DoctorReport,
  paint: (style: 'green' | 'red', text: string) => string,
): string {
  if (chosen === null) return paint('red', `No backend works here: ${reason}`);
  return right
    ? paint('green', `selectBackend() takes ${chosen}, and its input gradients are right.`)
    : paint('red', `selectBackend() takes ${chosen}, and it is not right here: choose another with VOGJS_BACKEND.`);
}

/** The list of what was repaired is long; its length is what matters here, and --json has it all. */
function shorten(note: string): string {
  const [head, list = ''] = note.split(': ');
  const count = list.split(', ').length;
  return count > 3 ? `${head}: ${count} operations` : note;
}

function formatRate(rate: number): string {
  return rate >= 100 ? Math.round(rate).toLocaleString('en-GB') : rate.toPrecision(2);
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function wantsColours(): boolean {
  return process.stdout.isTTY && !process.env['NO_COLOR'];
}
