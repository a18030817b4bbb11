import { VogError } from '@vogjs/base';
import type { ProbeExamples, Scores } from '@vogjs/core';
import { nodeFiles, writeFileAtomically } from '@vogjs/formats/files';
import type { PixelImages } from '@vogjs/formats/images';
import { montage } from './montage.js';
import { tagOf } from './entries.js';

/** Points of the projector: one row an example. */
export interface ProjectorFeatures {
  /** Row by row. */
  readonly data: ArrayLike<number>;
  /** [examples, dimensions] */
  readonly shape: readonly [number, number];
}

/** A sheet of pictures is at most this wide and high: more, and the projector does not draw it. */
const SHEET = 8192;
const NAME = /^[\w.-]+$/;

/**
 * Writes the files of TensorBoard's projector under this name; other names that are there stay.
 *
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE, PROBE_MISMATCH, FILE_FAILED, DISK_FULL
 */
export async function writeProjector(
  dir: string,
  name: string,
  features: ProjectorFeatures,
  { ids, labels, classNames }: ProbeExamples,
  columns: readonly Scores[],
  images: PixelImages | undefined,
): Promise<void> {
  if (!NAME.test(name)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `embeddings: name must be of letters, digits, '.', '-' and '_'; got '${name}'.`,
    );
  }
  const { data, shape } = Object(features) as Partial<ProjectorFeatures>;
  if (!Array.isArray(shape) || !((data?.length ?? -1) >= 0)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'embeddings: features must be { data, shape: [examples, dimensions] }. Of a tensor: { data: await tensor.data(), shape: tensor.shape }.',
    );
  }
  const [count, width] = features.shape;
  if (!(count >= 1 && width >= 1) || features.data.length !== count * width) {
    throw new VogError(
      'INPUT_SHAPE',
      `embeddings: features have the shape [${features.shape.join(', ')}] and ${features.data.length} values; expected [examples, dimensions] and their product.`,
    );
  }
  if (ids.length !== count) {
    throw new VogError(
      'PROBE_MISMATCH',
      `embeddings: there are ${count} rows of features and ${ids.length} examples; each example needs its row.`,
    );
  }
  const lines = Array.from({ length: count }, (_, i) =>
    Array.from({ length: width }, (_unused, d) => features.data[i * width + d]).join('\t'),
  );
  const header = ['id', 'label', ...columns.map(tagOf)];
  const rows = Array.from({ length: count }, (_, i) => {
    const label = labels?.[i];
    const words = [ids[i], label === undefined ? '' : (classNames?.[label] ?? label)];
    return [...words, ...columns.map(({ values }) => values[i])].map(word).join('\t');
  });
  await nodeFiles().mkdir(dir, { recursive: true });
  const write = (file: string, content: string | Uint8Array): Promise<void> =>
    writeFileAtomically(`${dir}/${file}`, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  await write(`${name}-tensors.tsv`, `${lines.join('\n')}\n`);
  await write(`${name}-metadata.tsv`, `${[header.join('\t'), ...rows].join('\n')}\n`);
  let sprite = '';
  if (images !== undefined) {
    const side = Math.ceil(Math.sqrt(count));
    const most = Math.max(1, Math.min(48, Math.floor(SHEET / side)));
    const all = Int32Array.from({ length: count }, (_, i) => i);
    const { png, cell } = montage(images, all, { columns: side, rows: side, gap: 0, most, enlarge: false });
    await write(`${name}-sprite.png`, png);
    sprite = `  sprite { image_path: "${name}-sprite.png" single_image_dim: ${cell[0]} single_image_dim: ${cell[1]} }\n`;
  }
  const entry = `embeddings {\n  tensor_name: "${name}"\n  tensor_path: "${name}-tensors.tsv"\n  metadata_path: "${name}-metadata.tsv"\n${sprite}}\n`;
  await write('projector_config.pbtxt', `${await othersOf(dir, name)}${entry}`);
}

/** What the projector's list says of other names. */
async function othersOf(dir: string, name: string): Promise<string> {
  const known = await nodeFiles()
    .readFile(`${dir}/projector_config.pbtxt`, 'utf8')
    .catch(() => '');
  const entries = known.split(/^(?=embeddings \{)/m).filter((entry) => entry.trim() !== '');
  return entries.filter((entry) => !entry.includes(`tensor_name: "${name}"\n`)).join('');
}

const word = (value: unknown): string => String(value).replace(/[\t\r\n]+/g, ' ');
