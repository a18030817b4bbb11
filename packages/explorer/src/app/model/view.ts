import { type Filter, type MapKind, MAPS, type Range, type Standing, STANDINGS } from './filter.js';
import { decodeLasso, encodeLasso } from './lasso.js';

/** The views, as the address names them. */
const TABS = ['gallery', 'ood', 'review', 'compare', 'live'] as const;
export type Tab = (typeof TABS)[number];

/** What is looked at, whole: the address holds it. */
export interface View {
  readonly run: number;
  readonly tab: Tab;
  /** Name of the column that the gallery is sorted by; null for the run's own. */
  readonly sort: string | null;
  readonly easiestFirst: boolean;
  readonly filter: Filter;
  readonly map: MapKind;
  /** Names of the columns that a map of scores is of, across and upwards; null for the run's own. */
  readonly across: string | null;
  readonly upwards: string | null;
  /** Issue whose queue is reviewed. */
  readonly queue: string;
  /** Name of the detector that is looked at; null for the first. */
  readonly detector: string | null;
  /** The score from which on an example is let in, and where it is not; null for the one of 95 % TPR. */
  readonly threshold: number | null;
  /** The run that this one is compared with; null for the one that suggests itself. */
  readonly other: number | null;
  /** The row that is open, or next to the cursor. */
  readonly row: number | null;
}

export const NO_FILTER: Filter = { kinds: [], standings: [], classes: [], sets: [], text: '', ranges: [], lassos: [] };
export const FIRST_VIEW: View = {
  run: 0,
  tab: 'gallery',
  sort: null,
  easiestFirst: false,
  filter: NO_FILTER,
  map: 'scores',
  across: null,
  upwards: null,
  queue: 'label',
  detector: null,
  threshold: null,
  other: null,
  row: null,
};

/** The part of an address after `?`; what is as at first is left out. */
export function encodeView(view: View): string {
  const { filter } = view;
  const parts: [string, string][] = [
    ['run', view.run === 0 ? '' : String(view.run)],
    ['tab', view.tab === 'gallery' ? '' : view.tab],
    ['sort', view.sort ?? ''],
    ['first', view.easiestFirst ? 'easiest' : ''],
    ['issue', filter.kinds.join(',')],
    ['decision', filter.standings.join(',')],
    ['class', filter.classes.join(',')],
    ['set', filter.sets.join(',')],
    ['text', filter.text],
    ...filter.ranges.map((range): [string, string] => ['range', encodeRange(range)]),
    ...filter.lassos.map((lasso): [string, string] => ['lasso', encodeLasso(lasso)]),
    ['map', view.map === FIRST_VIEW.map ? '' : view.map],
    ['across', view.across ?? ''],
    ['upwards', view.upwards ?? ''],
    ['queue', view.queue === FIRST_VIEW.queue ? '' : view.queue],
    ['detector', view.detector ?? ''],
    ['threshold', view.threshold === null ? '' : String(view.threshold)],
    ['other', view.other === null ? '' : String(view.other)],
    ['row', view.row === null ? '' : String(view.row)],
  ];
  return new URLSearchParams(parts.filter(([, value]) => value !== '')).toString();
}

/** `low~high~column`; an end that is open is left out. */
function encodeRange({ column, low, high }: Range): string {
  return [low, high].map((end) => (Number.isFinite(end) ? String(end) : '')).join('~') + `~${column}`;
}

function decodeRange(text: string): Range[] {
  const [, from = '', to = '', column = ''] = /^([^~]*)~([^~]*)~(.+)$/.exec(text) ?? [];
  const low = from === '' ? -Infinity : Number(from);
  const high = to === '' ? Infinity : Number(to);
  return column === '' || Number.isNaN(low) || Number.isNaN(high) ? [] : [{ column, low, high }];
}

/** Reads an address; what it does not say, or says wrongly, is as at first. */
export function decodeView(search: string): View {
  const given = new URLSearchParams(search);
  const list = (name: string): string[] => (given.get(name) ?? '').split(',').filter((each) => each !== '');
  const whole = (text: string | null): number | null => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null);
  const number = (text: string | null): number | null =>
    text === null || text === '' || Number.isNaN(Number(text)) ? null : Number(text);
  return {
    run: whole(given.get('run')) ?? 0,
    tab: TABS.find((tab) => tab === given.get('tab')) ?? 'gallery',
    sort: given.get('sort'),
    easiestFirst: given.get('first') === 'easiest',
    filter: {
      kinds: list('issue'),
      standings: STANDINGS.filter((standing: Standing) => list('decision').includes(standing)),
      classes: list('class').flatMap((each) => whole(each) ?? []),
      sets: list('set').flatMap((each) => whole(each) ?? []),
      text: given.get('text') ?? '',
      ranges: given.getAll('range').flatMap(decodeRange),
      lassos: given.getAll('lasso').flatMap(decodeLasso),
    },
    map: MAPS.find((map) => map === given.get('map')) ?? FIRST_VIEW.map,
    across: given.get('across'),
    upwards: given.get('upwards'),
    queue: given.get('queue') ?? FIRST_VIEW.queue,
    detector: given.get('detector'),
    threshold: number(given.get('threshold')),
    other: whole(given.get('other')),
    row: whole(given.get('row')),
  };
}
