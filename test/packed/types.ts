// What a TypeScript user's compiler says of the packages as packed, with `skipLibCheck` off: every declaration that is
// reached is checked, TensorFlow.js's too. Are the Types Wrong looks at the resolution by bundlers: scripts/check/packages.mjs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest that is promised, the last of each major version since, and the one that the code itself is compiled by. */
export const typescripts: Record<string, string> = { '5.4': '5.4.5', '5.9': '5.9.3', '6': '6.0.3', '7': '7.0.2' };

/** As dependencies of one package.json. */
export const compilers = Object.fromEntries(
  Object.entries(typescripts).map(([name, version]) => [`typescript-${name}`, `npm:typescript@${version}`]),
);

/** What is not ours to mend: the end of a file's path, the codes of its faults, and why they are there. */
const others = [
  // Names the global type `Long`, and does not bring @types/long's.
  { file: '@tensorflow/tfjs-core/dist/hash_util.d.ts', codes: ['TS2304'] },
  // LayersModel says that it implements InferenceModel; two of its methods take something else.
  { file: '@tensorflow/tfjs-layers/dist/engine/training.d.ts', codes: ['TS2420'] },
  // A property that its own index signature does not admit.
  { file: '@tensorflow/tfjs-layers/dist/keras_format/types.d.ts', codes: ['TS2411'] },
  // tfjs-core brings types of WebGPU from 2023. TypeScript 6 and 7 have them in their DOM, and the two disagree.
  { file: '@webgpu/types/dist/index.d.ts', codes: ['TS2300', 'TS2403', 'TS2687', 'TS2717', 'TS6200'] },
  { file: '/lib/lib.dom.d.ts', codes: ['TS2300', 'TS2687', 'TS6200'] },
];

/** What a compiler said, without the faults of others. @param output with `--pretty false` */
export function faultsIn(output: string): string[] {
  const faults = output.split('\n').filter((line) => /\berror TS\d+:/.test(line));
  return faults.filter((line) => {
    const [, file = '', code = ''] = /^(.+)\(\d+,\d+\): error (TS\d+):/.exec(line) ?? [];
    return !others.some((other) => file.endsWith(other.file) && other.codes.includes(code));
  });
}

/** A program that imports every name of the table, and the settings it is compiled with. */
export function writeConsumer(folder: string, entries: Record<string, string[]>): void {
  const imports = Object.entries(entries).map(([entry, names], index) => {
    const renamed = names.map((name) => `${name} as ${name}${index}`);
    const used = names.map((name) => name + index);
    return `import { ${renamed.join(', ')} } from '${entry}';\nexport const used${index} = [${used.join(', ')}];`;
  });
  writeFileSync(join(folder, 'consumer.ts'), imports.join('\n'));
  writeFileSync(join(folder, 'use.ts'), USE);
  const compilerOptions = {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts', 'use.ts'] }));
}

/** Types that had become `any` would take the wrong calls too; an error that is expected and missing is an error. */
const USE = `
import * as tf from '@tensorflow/tfjs';
import { detectLabelErrors, everyEpoch, trackDifficulty, type Scores } from 'vogjs';
import { fashionMnist } from 'vogjs/fashion-mnist';

export async function use(model: tf.LayersModel): Promise<Scores> {
  const { inputs, targets, labels, classNames } = await fashionMnist(600);
  const difficulty = trackDifficulty({ inputs, labels, classNames, schedule: everyEpoch() });
  await model.fit(inputs, targets, { epochs: 5, callbacks: [difficulty] });
  const scores = await difficulty.scores('vog');
  const hardest: readonly number[] = scores.hardest(20).map(({ value }) => value);
  console.log(hardest);
  difficulty.dispose();
  return scores;
}

export async function misuse(): Promise<void> {
  // @ts-expect-error it takes a number
  const { inputs, labels } = await fashionMnist('600');
  // @ts-expect-error there is no such option
  trackDifficulty({ inputs, labels, shedule: everyEpoch() });
  // @ts-expect-error there is no such activation
  detectLabelErrors({ logits: 'none' });
}
`;
