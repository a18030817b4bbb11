import { anyOf, fits, type InputOf, integer, oneOf, type Option } from '@vogjs/base/options';

/** Which class a gradient is of. A name, for declarations: TypeScript before 5.7 does not know Int32Array spelt out. */
export type LabelChoice = 'true' | 'predicted' | Int32Array;

const label: Option<LabelChoice, 'defaulted'> = anyOf(
  oneOf('true', 'predicted'),
  fits<Int32Array>('an Int32Array of one label per probe example', (value) => value instanceof Int32Array),
)
  .default('true')
  .about('Which class is selected: the given one, the one predicted now, or a fixed one of each example.');

/**
 * Which input gradient is wanted. For `inputGradient`, and for plugins that hand their options on to it, each with a
 * default of its own: `activation: gradientOptions.activation.default('softmax')` in `vog`.
 */
export const gradientOptions = {
  activation: oneOf('logit', 'softmax', 'loss', 'output').about(
    "What is differentiated: the selected class's logit, its probability, the model's own loss, or a regression's output.",
  ),
  label,
  unit: integer(0)
    .optional('the label selects it')
    .about("One unit for all examples, in place of a label; not with activation: 'loss'."),
  input: integer(0).default(0).about('Index of the model input that it is taken with respect to.'),
};

/** What `inputGradient` takes. */
export type GradientOptions = InputOf<typeof gradientOptions>;
