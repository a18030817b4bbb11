import { checkArgument, checkOf, checkOptions, isRecord, parseJson, requireBytes, shown, VogError } from '@vogjs/base';
import { checksumOf, readSafetensors, type Safetensors, writeSafetensors } from '@vogjs/formats';
import type { Detector, DetectorState } from '../detectors/detector.js';
import type { HostArray } from '../host-array.js';
import { checkDetectors } from '../scoring/detectors.js';
import { json } from '../scoring/json.js';
import { FittedDetectors, type Preprocessing } from '../scoring/fitted.js';

/** Version of the layout below. A reader refuses newer ones. */
const FORMAT_VERSION = 1;
const METADATA_KEY = 'vogjs.detectors';

/** What a saved fit says beside its arrays. */
interface Header {
  readonly version: number;
  readonly detectors: readonly Variant[];
  readonly modelFingerprint: string | null;
  readonly preprocessing: Preprocessing;
  readonly checksum: string;
}

/** Which detector, exactly. */
type Variant = Pick<Detector, 'name' | 'version' | 'options' | 'oodDirection'>;

/** What `loadDetectors` takes beside bytes and detectors. */
export interface LoadOptions {
  /** How inputs are made ready here; it must be what was declared when the detectors were fitted. */
  readonly preprocessing?: Preprocessing;
}

const aFit = checkOf('what fitDetectors gave', (value) => value instanceof FittedDetectors);

/**
 * Fitted detectors as the bytes of a safetensors file. Loaded again they give the same scores to the last bit on the
 * same backend.
 */
export function saveDetectors(fitted: FittedDetectors): Uint8Array {
  checkArgument('saveDetectors', 'what is saved', fitted, aFit);
  const { detectors, states, modelFingerprint, preprocessing } = fitted;
  const tensors: Record<string, HostArray> = {};
  for (const [name, state] of Object.entries(states)) {
    for (const [field, array] of Object.entries(state)) tensors[`${name}|${field}`] = array;
  }
  const header: Omit<Header, 'checksum'> = {
    version: FORMAT_VERSION,
    detectors: detectors.map(variantOf),
    modelFingerprint,
    preprocessing,
  };
  const checksum = checksumOf(header, tensors);
  return writeSafetensors(tensors, { [METADATA_KEY]: JSON.stringify({ ...header, checksum }) });
}

/**
 * Reads fitted detectors. A detector is code, so it is given as it was to `fitDetectors`: the same name and options.
 * Some of those that were saved will do.
 *
 * ```ts
 * const fitted = loadDetectors(bytes, [mahalanobis()], { preprocessing: { mean, std } });
 * const scores = await scoreOod(model, { inputs }, fitted);       // refused for a model with other weights
 * ```
 *
 * @throws VogError STATE_MISMATCH for a detector that was not saved, or with other options; MODEL_MISMATCH for other
 * preprocessing; STATE_VERSION, STATE_INVALID, FORMAT_INVALID, FORMAT_TRUNCATED for the file
 */
export function loadDetectors<Name extends string>(
  bytes: Uint8Array,
  detectors: readonly Detector<Name>[],
  options: LoadOptions = {},
): FittedDetectors<Name> {
  checkDetectors('loadDetectors', detectors);
  checkOptions('loadDetectors', options, { preprocessing: json });
  const file = readSafetensors(requireBytes('loadDetectors', bytes));
  const header = readHeader(file);
  for (const detector of detectors) checkSaved(detector, header);
  const preprocessing = options.preprocessing ?? null;
  if (sorted(preprocessing) !== sorted(header.preprocessing)) {
    throw new VogError(
      'MODEL_MISMATCH',
      `The detectors were fitted on inputs with other preprocessing. Then: ${clipped(sorted(header.preprocessing))}. Here: ${clipped(sorted(preprocessing))}. ` +
        'Make inputs ready as then and declare it, loadDetectors(bytes, detectors, { preprocessing }), or fit anew.',
    );
  }
  const states = detectors
    .filter(({ fit }) => fit !== undefined)
    .map(({ name }): [string, DetectorState] => [name, stateOf(file, name)]);
  return new FittedDetectors(detectors, Object.fromEntries(states), header.modelFingerprint, preprocessing);
}

function variantOf({ name, version, options, oodDirection }: Variant): Variant {
  return { name, version, options, oodDirection };
}

function checkSaved(detector: Detector, header: Header): void {
  const saved = header.detectors.find(({ name }) => name === detector.name);
  if (saved === undefined) {
    throw new VogError(
      'STATE_MISMATCH',
      `Detector '${detector.name}' is not in this file, which has: ${clipped(header.detectors.map(({ name }) => name).join(', '))}.`,
    );
  }
  const [then, now] = [sorted(variantOf(saved)), sorted(variantOf(detector))];
  if (then !== now) {
    throw new VogError(
      'STATE_MISMATCH',
      `Detector '${detector.name}' was saved as another variant. Saved: ${clipped(then)}. Here: ${clipped(now)}. Give it the same options.`,
    );
  }
}

function stateOf(file: Safetensors, detector: string): DetectorState {
  const own = Object.entries(file.tensors).filter(([name]) => name.startsWith(`${detector}|`));
  if (own.length === 0) throw invalid(`it holds no numbers for '${detector}', which learns some`);
  return Object.fromEntries(
    own.map(([name, { data, shape, dtype }]) => {
      if (!isHostData(data)) throw invalid(`${shown(name)} is of type ${dtype}, expected F32, F64 or I32`);
      // A copy: the bytes are the caller's, who may reuse them.
      return [name.slice(detector.length + 1), { data: data.slice(), shape }];
    }),
  );
}

function isHostData(data: unknown): data is HostArray['data'] {
  return data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array;
}

function readHeader(file: Safetensors): Header {
  const text = file.metadata[METADATA_KEY];
  if (text === undefined) {
    throw new VogError(
      'STATE_INVALID',
      'This safetensors file holds no fitted detectors. Save them with saveDetectors.',
    );
  }
  const header = parsed(text);
  if (header.version > FORMAT_VERSION) {
    throw new VogError(
      'STATE_VERSION',
      `The saved detectors have layout version ${shown(header.version)}; this VoG.js reads up to ${FORMAT_VERSION}. Update @vogjs/ood to load them.`,
    );
  }
  const { checksum, ...rest } = header;
  if (checksum !== checksumOf(rest, file.tensors)) {
    throw new VogError('STATE_INVALID', 'The saved detectors are damaged: they do not match their checksum.');
  }
  checkFields(header);
  return header;
}

function parsed(text: string): { readonly version: number } & Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = parseJson(text);
  } catch (cause) {
    throw invalid('its header is not JSON', cause);
  }
  if (isRecord(header) && typeof header['version'] === 'number') return { ...header, version: header['version'] };
  throw invalid('its header has no version');
}

/** A checksum says that nothing has changed since someone wrote it, and not that we were the one. */
function checkFields(
  header: Readonly<Record<string, unknown>>,
): asserts header is Readonly<Record<string, unknown>> & Header {
  const { version, detectors, modelFingerprint, preprocessing } = header;
  if (version !== FORMAT_VERSION) throw invalid(`its version is ${shown(version)}`);
  if (!Array.isArray(detectors) || !detectors.every(isVariant)) throw invalid('it has no list of detectors');
  // A hash in hex: whatever is longer is none of ours, and messages show it.
  if (modelFingerprint !== null && !(typeof modelFingerprint === 'string' && modelFingerprint.length <= 64)) {
    throw invalid(`its fingerprint of the model is ${shown(modelFingerprint)}`);
  }
  if (preprocessing === undefined) throw invalid('it does not say how inputs were preprocessed');
}

function isVariant(value: unknown): value is Variant {
  if (!isRecord(value)) return false;
  const { name, version, options, oodDirection } = value;
  const isNamed = typeof name === 'string' && typeof version === 'number';
  return isNamed && isRecord(options) && (oodDirection === 'high' || oodDirection === 'low');
}

function invalid(why: string, cause?: unknown): VogError {
  return new VogError(
    'STATE_INVALID',
    `The file of saved detectors is damaged: ${why}. Load an earlier save, or fit anew.`,
    cause === undefined ? {} : { cause },
  );
}
/** A file may hold a name of any length, and a message must not. */
function clipped(text: string): string {
  return text.length <= 1000 ? text : `${text.slice(0, 1000)}…`;
}

/** JSON with the keys of every object in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
