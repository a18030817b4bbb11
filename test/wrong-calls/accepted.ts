// Wrong by the letter of the declaration, and taken all the same, with the reason why that is right. Read by eye.
export interface Accepted {
  readonly place: RegExp;
  readonly wrong: RegExp;
  readonly why: string;
}

export const accepted: readonly Accepted[] = [
  { place: /\bseed\)$/, wrong: /^-1$/, why: 'a seed is any whole number' },
  { place: /^tTestFromStatistics\(\w+\.mean\)$/, wrong: /^-1$/, why: 'a mean may be negative' },
  {
    place: /^fitDetectors\(options\.preprocessing\)$/,
    wrong: /^(-1|'')$/,
    why: 'any JSON is kept as it is and compared, never read',
  },
  {
    place: /^(isOod|decideOod)\(threshold\.fittedState\)$/,
    wrong: /^''$/,
    why: 'a note for people; no file is opened by it',
  },
  {
    place: /^\w+\((scores|first|second|columns)\.\w+\)$/,
    wrong: /^misspelt/,
    why: 'Scores of a tracker have more members than a statistic reads; what it reads is checked',
  },
  {
    place: /^\w+\(probabilities\.\w+\)$/,
    wrong: /^misspelt/,
    why: 'an array with a shape may come from a library whose arrays have more members',
  },
  {
    place: /^(isOod|decideOod)\(threshold\.[\w.]+\)$/,
    wrong: /^misspelt/,
    why: 'the JSON of a threshold may carry notes; every member that is read is checked, and against the others',
  },
  {
    place: /^detectLabelErrors\(scores\.\w+\)$/,
    wrong: /^left out$/,
    why: 'the right call gives scores by name, { vog: scores }: what is tried as left out was not there',
  },
  {
    place: /^resizeImage\(image\.\w+\)$/,
    wrong: /^misspelt/,
    why: 'a picture may come from a library whose pictures have more members; size and bytes are checked',
  },
  { place: /^vogOod\(sets\.in\)$/, wrong: /^misspelt/, why: "sets are named by the caller: 'ins' is one more" },
  {
    place: /^oodMonitor\(options\.out\.inputs\)$/,
    wrong: /^left out$/,
    why: 'the right call gives sets by name, { noise: { inputs } }: what is tried as left out was not there',
  },
  { place: /^render(Ood)?Report\(input\.title\)$/, wrong: /^''$/, why: 'a page without a title is drawn without one' },
  {
    place: /^renderReport\(input\.(trueLabels|predictions)\)$/,
    wrong: /^null$/,
    why: 'null is what Scores have for labels that are not there',
  },
  {
    place: /^(fitDetectors|oodMonitor)\(options\.logits\.output\)$/,
    wrong: /^(NaN|-1|'')$/,
    why: 'which outputs there are, the model tells; these two calls make no pass over it',
  },
  {
    place: /^calibrateThreshold\(options\.fittedState\)$/,
    wrong: /^null$/,
    why: 'null is what a threshold without one holds',
  },
  {
    place: /^defineMonitor\(definition\.watch\)$/,
    wrong: /^left out$/,
    why: 'the right call is that of a monitor without options, which has its hooks in the definition',
  },
  { place: /^either\(schedules\)$/, wrong: /^a function$/, why: 'a schedule is a function' },
];
