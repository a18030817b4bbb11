import { classNameOf, correctedLabel, type ExportRows, requireLabels } from './rows.js';

/**
 * COCO's JSON with an annotation an image: its class after what people decided, as category `index + 1`. Excluded
 * examples are left out. Boxes are the whole image where the run knows its size (`meta.width`, `meta.height`).
 *
 * Source: the COCO data format, object detection.
 */
export function toCoco(rows: ExportRows): string {
  requireLabels(rows, 'coco');
  const size = (name: string, at: number): number => {
    const value = rows.meta.find((each) => each.name === name)?.values[at];
    return typeof value === 'number' ? value : 0;
  };
  const used = Array.from({ length: rows.size }, (_, at) => at).filter(
    (at) => rows.decisions[at]?.decision !== 'exclude' && (correctedLabel(rows, at) ?? -1) >= 0,
  );
  const classes =
    rows.classNames?.length ?? 1 + used.reduce((most, at) => Math.max(most, correctedLabel(rows, at) ?? 0), 0);
  const images = used.map((at) => ({
    id: at + 1,
    file_name: rows.paths?.[at] ?? String(rows.ids[at]),
    width: size('width', at),
    height: size('height', at),
  }));
  const annotations = used.map((at) => {
    const [width, height] = [size('width', at), size('height', at)];
    return {
      id: at + 1,
      image_id: at + 1,
      category_id: (correctedLabel(rows, at) as number) + 1,
      bbox: [0, 0, width, height],
      area: width * height,
      iscrowd: 0,
    };
  });
  const categories = Array.from({ length: classes }, (_, index) => ({ id: index + 1, name: classNameOf(rows, index) }));
  return JSON.stringify({ info: { description: 'VoG.js' }, images, annotations, categories }, null, 1);
}
